"""Decks that are kept, with their words and pictures, without the worker that makes these."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import func, insert, update

from presentations.database import Database
from presentations.database.models import Deck, Slide, Version
from presentations.files import Store, Stored, add_file, add_version, deck_key, show
from presentations.settings import Settings

# Title, text and notes of each slide.
WORDS = (
    ("Volcanoes", "Why mountains burn", "Welcome everybody. Show the video first."),
    ("How they form", "Plates move\nMagma rises\nPressure | 3 kbar", "Use the sponge for this.\nAsk who has seen one."),
    ("مقدمة في علم البراكين", "الصهارة ترتفع", ""),
    ("火山为什么喷发", "岩浆上升", "Take your time here."),
)


@dataclass
class Keeper:
    """Keeps decks as a worker does."""

    database: Database
    store: Store
    folder: Path

    def keep(
        self,
        presentation_id: UUID,
        words: Sequence[tuple[str, str, str]] = WORDS,
        *,
        origin: str = "generated",
        kinds: Sequence[str] = ("pptx", "pdf"),
        picture: Callable[[int, int], bytes] | None = None,
        is_drawn: bool = True,
        **values: Any,
    ) -> int:
        """One more version with these words, of which nothing is still to come; its number.

        `picture` gives that of a slide, by its number and about how many pixels wide; `values` are the row's.
        """
        files = [self._put(presentation_id, f"{kind} {words} {origin}".encode(), kind) for kind in kinds]
        with self.database.begin() as session:
            number = add_version(session, presentation_id, origin, files[0])
            assert number
            for file in files[1:]:
                add_file(session, presentation_id, number, file)
            for turn, slide in enumerate(words, 1):
                said = dict(zip(("title", "text", "notes"), slide, strict=True))
                pictures = self._pictures(presentation_id, turn, picture or drawn) if is_drawn else {}
                row = {"presentation_id": presentation_id, "version": number, "number": turn}
                session.execute(insert(Slide).values(**row, **said, **pictures))
            row = {"prepared_at": func.now(), "slides": len(words)} | values
            session.execute(update(Version).filter_by(presentation_id=presentation_id, number=number).values(**row))
            show(session, presentation_id, number)
            session.execute(update(Deck).filter_by(id=presentation_id).values(due_at=None, looked_at=func.now()))
        return number

    def keep_file(self, presentation_id: UUID, content: bytes, kind: str = "pptx") -> str:
        """One more version that is a file with this content, and no more. The key of the file in the store."""
        file = self._put(presentation_id, content, kind)
        with self.database.begin() as session:
            assert add_version(session, presentation_id, "generated", file)
        return deck_key(presentation_id, file.sha256)

    def note(self, presentation_id: UUID, **values: Any) -> None:
        """Have its row of what is to be done hold these values."""
        with self.database.begin() as session:
            session.execute(update(Deck).filter_by(id=presentation_id).values(**values))

    def _pictures(self, presentation_id: UUID, turn: int, picture: Callable[[int, int], bytes]) -> dict[str, object]:
        small, large = (self._put(presentation_id, picture(turn, width), "picture") for width in (240, 800))
        named = {"small_sha256": small.sha256, "small_size": small.size, "width": 800, "height": 450}
        return named | {"large_sha256": large.sha256, "large_size": large.size}

    def _put(self, presentation_id: UUID, content: bytes, kind: str) -> Stored:
        file = Stored(kind, len(content), hashlib.sha256(content).hexdigest(), "presenton")
        source = self.folder / file.sha256
        source.write_bytes(content)
        self.store.put(deck_key(presentation_id, file.sha256), source)
        return file


def drawn(turn: int, width: int) -> bytes:
    """A picture of 16:9 that no other slide has."""
    image = Image.new("RGB", (width, width * 9 // 16), (250, 250, 250))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 20, image.height), fill=(60, 40 * turn % 256, 200))
    pen.text((width // 10, width // 10), f"Slide {turn}", fill=(20, 20, 20), font_size=width // 12)
    file = BytesIO()
    image.save(file, "WEBP")
    return file.getvalue()


@pytest.fixture
def keeper(database: Database, settings: Settings, tmp_path: Path) -> Keeper:
    return Keeper(database, Store.of(settings), tmp_path)
