"""The decks that are made: each a JSON file, from which its files are written when somebody wants them."""

from __future__ import annotations

import json
import os
import threading
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presentations.demo.asked import Asked
from presentations.demo.filenames import unique_file_name
from presentations.demo.markdown import title_of_outline
from presentations.demo.outline import Slide
from presentations.demo.powerpoint import write_pptx


@dataclass(frozen=True)
class Deck:
    """A draft has no slides yet, and at first no title either."""

    id: str
    content: str
    language: str
    title: str | None
    tone: str
    verbosity: str
    template: str
    n_slides: int
    created_at: str
    """UTC, without saying so."""
    updated_at: str
    slides: list[Slide] = field(repr=False)
    files: tuple[str, ...] = ()
    """The names of those it was exported to, the newest last."""
    asked: Asked | None = None
    """What a draft was created for by the API."""
    outline: tuple[str, ...] = ()
    """What its slides are to be, each in Markdown, once that was written."""


class Decks:
    """Safe to use from any thread. What is in the folder is found again after a restart."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._exports = folder / "decks", folder / "exports"
        self._kept.mkdir(parents=True, exist_ok=True)
        self._exports.mkdir(exist_ok=True)
        self._lock = threading.RLock()
        decks = sorted(map(_read_deck, self._kept.glob("*.json")), key=lambda deck: deck.created_at)
        self._decks = {deck.id: deck for deck in decks}
        self._owners = {name: deck.id for deck in decks for name in deck.files}

    def add(self, deck: Deck) -> None:
        """Keep a deck, be it new or changed."""
        text = json.dumps(asdict(deck))
        with self._lock:
            file = self._kept / f"{deck.id}.json"
            _unfinished(file).write_text(text)
            os.replace(_unfinished(file), file)
            self._decks[deck.id] = deck

    def draft(self, asked: Asked) -> Deck:
        """Begin one that has neither title nor slides. How many it will have may not be known yet: then none."""
        begun_at = now()
        deck = Deck(
            id=str(uuid.uuid4()),
            content=asked.content,
            language=asked.language,
            title=None,
            tone=asked.tone,
            verbosity=asked.verbosity,
            template=asked.template,
            n_slides=asked.n_slides or 0,
            created_at=begun_at,
            updated_at=begun_at,
            slides=[],
            asked=asked,
        )
        self.add(deck)
        return deck

    def outline(self, deck_id: str, outline: list[str]) -> Deck | None:
        """Keep the outline of a draft, if that is still there."""
        with self._lock:
            deck = self.get(deck_id)
            if not deck:
                return None
            title, n_slides = title_of_outline(outline[0]), deck.n_slides or len(outline)
            outlined = replace(deck, title=title, n_slides=n_slides, outline=tuple(outline), updated_at=now())
            self.add(outlined)
            return outlined

    def change(self, deck_id: str, slides: list[Slide]) -> None:
        """Give a deck other slides. The files that it was exported to stay as they are, as with Presenton."""
        with self._lock:
            deck = self._decks[deck_id]
            for name in deck.files:
                self.file(name)
            self.add(replace(deck, slides=slides, updated_at=now()))

    def get(self, deck_id: str) -> Deck | None:
        with self._lock:
            return self._decks.get(deck_id)

    def newest_first(self) -> list[Deck]:
        with self._lock:
            return sorted(self._decks.values(), key=lambda deck: deck.created_at, reverse=True)

    def remove(self, deck_id: str) -> bool:
        """Forget a deck, if it is there. Its files stay: Presenton goes on serving them, too."""
        with self._lock:
            deck = self.get(deck_id)
            if not deck:
                return False
            for name in deck.files:
                self.file(name)
            del self._decks[deck_id]
            (self._kept / f"{deck_id}.json").unlink(missing_ok=True)
        return True

    def forget(self) -> None:
        """All decks and all their files are gone, as when somebody empties the folder in which Presenton keeps them."""
        with self._lock:
            self._decks.clear()
            self._owners.clear()
            for file in (*self._kept.iterdir(), *self._exports.iterdir()):
                file.unlink(missing_ok=True)

    def export(self, deck_id: str, name: str) -> None:
        """From now on the file of this name is that of this deck, whosever it was before."""
        with self._lock:
            deck = self._decks[deck_id]
            (self._exports / name).unlink(missing_ok=True)
            self._owners[name] = deck_id
            self.add(replace(deck, files=(*(other for other in deck.files if other != name), name)))

    def file(self, name: str) -> Path | None:
        """The exported file of this name, written when it is asked for the first time."""
        file = self._exports / name
        while (deck := self._owner(name)) and not file.exists():
            unfinished = _unfinished(file)
            _write(deck.slides, unfinished, name.endswith(".pdf"))
            with self._lock:
                owner = self._owner(name)
                if owner and owner.id == deck.id and owner.slides is deck.slides:
                    os.replace(unfinished, file)
                else:  # it was changed, exported or deleted meanwhile
                    unfinished.unlink(missing_ok=True)
        return file if os.path.isfile(file) else None  # is_file() raises for names that are too long

    def _owner(self, name: str) -> Deck | None:
        with self._lock:
            return self.get(self._owners.get(name, ""))


def now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _read_deck(file: Path) -> Deck:
    kept: dict[str, Any] = json.loads(file.read_text())
    slides = [_read_slide(slide) for slide in kept["slides"]]
    # Decks of a demo that was older than these fields.
    added = {"n_slides": len(slides), "updated_at": kept["created_at"]}
    added["files"] = [unique_file_name(kept["title"] or "", kept["id"], "pptx")]
    kept = added | kept
    kept["asked"] = Asked.of(kept["asked"]) if kept.get("asked") else None
    lists = {name: tuple(kept.get(name, ())) for name in ("files", "outline")}
    return Deck(**kept | {"slides": slides} | lists)


def _read_slide(kept: dict[str, Any]) -> Slide:
    rows = tuple(map(tuple, kept.get("table", ())))
    return Slide(**kept | {"points": tuple(kept["points"]), "table": rows})


def _write(slides: list[Slide], file: Path, is_pdf: bool) -> None:
    if is_pdf:
        # Imported when it is needed: what makes PDFs would be half of the time in which the demo starts.
        from presentations.demo.pdf import write_pdf

        write_pdf(slides, file)
    else:
        write_pptx(slides, file)


def _unfinished(file: Path) -> Path:
    """Where it is written: nobody sees it before it is whole."""
    return file.with_name(f"{file.name}.{threading.get_ident()}.part")
