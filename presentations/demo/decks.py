"""The decks that are made: each a JSON file, from which its files are written when somebody wants them."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presentations.demo.filenames import unique_file_name
from presentations.demo.outline import Slide
from presentations.demo.pdf import write_pdf
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
            _write(self._kept / f"{deck.id}.json", lambda file: file.write_text(text))
            self._decks[deck.id] = deck

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
        with self._lock:
            deck = self.get(self._owners.get(name, ""))
        if deck and not file.exists():
            write = write_pdf if name.endswith(".pdf") else write_pptx
            _write(file, lambda unfinished: write(deck.slides, unfinished))
        return file if os.path.isfile(file) else None  # is_file() raises for names that are too long


def now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _read_deck(file: Path) -> Deck:
    kept: dict[str, Any] = json.loads(file.read_text())
    slides = [Slide(**slide | {"points": tuple(slide["points"])}) for slide in kept["slides"]]
    # Decks of a demo that was older than these fields.
    added = {"n_slides": len(slides), "updated_at": kept["created_at"]}
    added["files"] = [unique_file_name(kept["title"] or "", kept["id"], "pptx")]
    kept = added | kept
    return Deck(**kept | {"slides": slides, "files": tuple(kept["files"])})


def _write(file: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make the file; nobody sees it before it is whole."""
    unfinished = file.with_name(f"{file.name}.{threading.get_ident()}.part")
    write(unfinished)
    os.replace(unfinished, file)
