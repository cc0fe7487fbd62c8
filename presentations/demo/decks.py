"""The decks that are made: each a JSON file, from which its PowerPoint file is written when somebody wants it."""

from __future__ import annotations

import json
import os
import re
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from presentations.demo.outline import Slide
from presentations.demo.powerpoint import write_pptx


@dataclass(frozen=True)
class Deck:
    id: str
    content: str
    language: str
    title: str
    tone: str
    verbosity: str
    template: str
    created_at: str
    """UTC, without saying so."""
    slides: list[Slide] = field(repr=False)

    @property
    def file_name(self) -> str:
        return file_name_of(self.title, self.id)

    def as_listed(self) -> dict[str, Any]:
        """What Presenton tells of a deck in a list."""
        return {
            "id": self.id,
            "version": "v2-standard",
            "content": self.content,
            "n_slides": len(self.slides),
            "language": self.language,
            "title": self.title,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "tone": self.tone,
            "verbosity": self.verbosity,
            "slides": [],
            "fonts": {},
        }

    def as_shown(self) -> dict[str, Any]:
        """All that Presenton tells of a deck."""
        slides = [self._slide(index, slide) for index, slide in enumerate(self.slides)]
        return self.as_listed() | {"slides": slides, "outlines": None}

    def _slide(self, index: int, slide: Slide) -> dict[str, Any]:
        return {
            "id": f"{self.id}-{index}",
            "presentation": self.id,
            "layout_group": self.template,
            "layout": "title_bullet_points" if index else "title_intro",
            "index": index,
            "content": {"title": slide.title, "bulletPoints": list(slide.points)},
            "html_content": None,
            "speaker_note": "",
            "ui": None,
            "properties": None,
        }


def file_name_of(title: str, presentation_id: str) -> str:
    """A file name of plain ASCII."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain)[:60].strip("-")
    return f"{slug or 'presentation'}_{presentation_id}.pptx"


class Decks:
    """Safe to use from any thread. What is in the folder is found again after a restart."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._exports = folder / "decks", folder / "exports"
        self._kept.mkdir(parents=True, exist_ok=True)
        self._exports.mkdir(exist_ok=True)
        self._lock = threading.Lock()
        decks = sorted(map(_read_deck, self._kept.glob("*.json")), key=lambda deck: deck.created_at)
        self._decks = {deck.id: deck for deck in decks}

    def add(self, deck: Deck) -> None:
        text = json.dumps(asdict(deck))
        _write(self._kept / f"{deck.id}.json", lambda file: file.write_text(text))
        with self._lock:
            self._decks[deck.id] = deck

    def get(self, deck_id: str) -> Deck | None:
        with self._lock:
            return self._decks.get(deck_id)

    def newest_first(self) -> list[Deck]:
        with self._lock:
            return sorted(self._decks.values(), key=lambda deck: deck.created_at, reverse=True)

    def remove(self, deck_id: str) -> bool:
        """Forget a deck, if it is there. Its file stays: Presenton goes on serving it, too."""
        deck = self.get(deck_id)
        if not deck:
            return False
        self.export(deck.file_name)
        with self._lock:
            if not self._decks.pop(deck_id, None):
                return False
        (self._kept / f"{deck_id}.json").unlink(missing_ok=True)
        return True

    def export(self, file_name: str) -> Path | None:
        """The PowerPoint file of this name, written when it is asked for the first time."""
        file = self._exports / file_name
        deck = self.get(file_name.rpartition("_")[2].removesuffix(".pptx"))
        if deck and deck.file_name == file_name and not file.exists():
            _write(file, lambda unfinished: write_pptx(deck.slides, unfinished))
        return file if os.path.isfile(file) else None  # is_file() raises for names that are too long


def _read_deck(file: Path) -> Deck:
    kept = json.loads(file.read_text())
    return Deck(**kept | {"slides": [Slide(slide["title"], tuple(slide["points"])) for slide in kept["slides"]]})


def _write(file: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make the file; nobody sees it before it is whole."""
    unfinished = file.with_name(f"{file.name}.{threading.get_ident()}.part")
    write(unfinished)
    os.replace(unfinished, file)
