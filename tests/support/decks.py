"""Decks that tests make: good ones, and what is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image
from pptx import Presentation
from pptx.util import Inches

# The first bytes of a compound file, in which Office kept everything up to 2003, and keeps what is encrypted.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTENT_TYPES = "[Content_Types].xml"
DECK_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def a_pptx(path: Path, slides: int = 3, edit: Callable[[int, Any], None] | None = None) -> Path:
    """A deck with a title, a point and notes on each slide; `edit` is called with the number and the slide."""
    deck = Presentation()
    for number in range(1, slides + 1):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = f"Title {number}"
        slide.placeholders[1].text = f"Point of slide {number}"
        slide.notes_slide.notes_text_frame.text = f"Say this on slide {number}"
        if edit is not None:
            edit(number, slide)
    deck.save(str(path))
    return path


def a_presenton_pptx(path: Path, texts: Iterable[tuple[str, int]]) -> Path:
    """A slide as Presenton makes them: an empty layout, and boxes (their text, and points of their letters)."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for number, (text, points) in enumerate(texts):
        frame = slide.shapes.add_textbox(Inches(1), Inches(1 + number), Inches(5), Inches(0.8)).text_frame
        frame.text = text
        frame.paragraphs[0].runs[0].font.size = points * 12_700
    deck.save(str(path))
    return path


def a_picture(width: int = 480, height: int = 270, file_format: str = "WEBP", color: str = "teal") -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", (width, height), color).save(file, file_format)
    return file.getvalue()


def a_picture_file() -> BytesIO:
    """A PNG, for python-pptx, which does not know WebP."""
    return BytesIO(a_picture(file_format="PNG"))


def a_pdf(path: Path, pages: int = 3) -> Path:
    """A PDF of empty pages, one after the other in different shades."""
    first, *others = (Image.new("RGB", (320, 180), (10 * page % 256, 90, 90)) for page in range(pages))
    first.save(path, "PDF", save_all=True, append_images=others)
    return path


def rewritten(deck: Path, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None) -> Path:
    """The deck with each of its parts changed (`change` is given name and content; None: left out), and with more."""
    with ZipFile(deck) as package:
        parts = [(name, change(name, package.read(name))) for name in package.namelist()]
    with ZipFile(deck, "w", ZIP_DEFLATED) as package:
        for name, content in [*parts, *(more or {}).items()]:
            if content is not None:
                package.writestr(name, content)
    return deck


def with_part(deck: Path, name: str, content: bytes) -> Path:
    """The deck with one more part."""
    return rewritten(deck, lambda _, content: content, {name: content})


def with_content_type(deck: Path, content_type: str) -> Path:
    """The deck, said to be something else: a template, one with macros, a document of Word."""
    return rewritten(
        deck,
        lambda name, content: content.replace(DECK_TYPE, content_type.encode()) if name == CONTENT_TYPES else content,
    )


def with_slide_xml(deck: Path, change: Callable[[str], str], number: int = 1) -> Path:
    """The deck with the XML of one of its slides changed."""
    slide = f"ppt/slides/slide{number}.xml"
    return rewritten(deck, lambda name, content: change(content.decode()).encode() if name == slide else content)


def a_compound_file(path: Path, *streams: str) -> Path:
    """What Office kept in a compound file: enough of it to tell which program's, and whether it is encrypted."""
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    path.write_bytes(COMPOUND + bytes(504) + directory)
    return path


def a_zip_bomb(deck: Path, megabytes: int = 200) -> Path:
    """A deck with a part of nothing but zeros, which takes a thousandth of its size."""
    return with_part(deck, "ppt/media/image99.bin", bytes(megabytes * 1_000_000))
