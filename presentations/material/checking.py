"""Whether slides can be made of a file, by its content, whatever its name says."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from presentations.decks import (
    COMPOUND,
    BadPackage,
    Compound,
    Crashed,
    Flaw,
    Main,
    Package,
    TooLong,
    count_pages,
    look_at_compound,
    look_at_package,
)
from presentations.material.errors import BadMaterial
from presentations.material.kinds import Kind
from presentations.material.names import clean_name, is_markdown
from presentations.material.signatures import advice_on
from presentations.material.texts import NotText, NoWords, encoding_of

log = logging.getLogger(__name__)

MAX_PAGES = 500
# Readers of PDF look for its beginning so far.
_HEAD = 1024

_TAKEN = "Choose a PDF, a Word file (.docx), a PowerPoint file (.pptx), or a text (.txt or .md)."
_NO_KIND = "It is none of the kinds that are taken. " + _TAKEN
_NO_TEXT = (
    "It is none of the kinds that are taken, or a text not saved as UTF-8. In a text editor, save it as UTF-8. "
    + _TAKEN
)
_UNREADABLE = "It cannot be read. Open it, save it once more as PDF and try again."
_LOCKED = "It is protected by a password. Save it without one and try again."
_COMPOUNDS = {
    Compound.LOCKED: _LOCKED,
    Compound.DECK: "This is a PowerPoint file of the old kind (.ppt). Open it in PowerPoint and save it as .pptx.",
    Compound.DOCUMENT: "This is a Word file of the old kind (.doc). Open it in Word and save it as .docx.",
}
_BROKEN = "It is damaged: not all of it is there. Save or download it once more and try again."
_FLAWS = {
    Flaw.BOMB: "It unpacks to much more than a document has, or has an archive in it. Save it as PDF and try again.",
    Flaw.MACROS: "It has macros, which may do harm where they are opened. Save it without them (.docx or .pptx).",
    Flaw.LOCKED: "This is a ZIP archive with a password. Unpack it, and choose the documents in it.",
}
_ANY_ZIP = "This is a ZIP archive. Unpack it, and choose the documents in it."
_OTHERS = {
    Main.DECK_TEMPLATE: "This is a PowerPoint template (.potx). Open it in PowerPoint and save it as .pptx.",
    Main.DOCUMENT_TEMPLATE: "This is a Word template (.dotx). Open it in Word and save it as .docx.",
    Main.WORKBOOK: "This is an Excel workbook, which is not taken. Copy what you need into a Word file.",
}
# What other programs make ZIPs of, by a part that nobody else's have.
_MAKERS = {
    "meta-inf/container.xml": "This is an e-book (EPUB), which is not taken. Save the chapter that you need as PDF.",
    "content.xml": "This is an OpenDocument file, which is not taken. Save it as .docx, .pptx or PDF.",
    "index/document.iwa": "This was made with Pages, Keynote or Numbers. Export it as Word, PowerPoint or PDF.",
}
# Presenton reads no others.
_WORDS = "word/document.xml"
_SLIDES = "ppt/slides/slide"


@dataclass(frozen=True)
class Material:
    """A file that slides can be made of."""

    kind: Kind
    name: str
    """Clean, and with the ending of its kind."""
    pages: int | None
    """Pages of a PDF, slides of a PowerPoint file; None of what has none."""
    encoding: str | None
    """Of a text, by Python's name. Presenton reads UTF-8 only: see `in_utf8`."""


def check_material(path: Path, name: str, *, most_bytes: int) -> Material:
    """What a file is that somebody calls so. Takes up to half a minute, in which a process of its own reads a PDF.

    Raises BadMaterial unless slides can be made of it; OSError is that of the disk.
    """
    try:
        kind, pages, encoding = _look(path, name, most_bytes)
    except _Unfit as error:
        raise BadMaterial(str(error), name) from error
    return Material(kind, clean_name(name, kind), pages, encoding)


class _Unfit(Exception):
    """Why a file is not taken, and what to do."""


def _look(path: Path, name: str, most_bytes: int) -> tuple[Kind, int | None, str | None]:
    size = path.stat().st_size
    if size == 0:
        raise _Unfit("It is empty. Save it once more and try again.")
    if size > most_bytes:
        raise _Unfit(
            f"It has {megabytes(size)}, and at most {megabytes(most_bytes)} are taken. Make its pictures smaller, or "
            "choose the chapter that you need."
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if advice := advice_on(head):
            raise _Unfit(advice)
        if head.startswith(COMPOUND):
            raise _Unfit(_COMPOUNDS.get(look_at_compound(file), _NO_KIND))
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return *_look_at_zip(file, most_bytes), None
    if b"%PDF-" in head:
        return Kind.PDF, _pages(path), None
    return _text_kind(name), None, _encoding(path)


def megabytes(number: int) -> str:
    """A number of bytes, for people to read."""
    return f"{number / 1_000_000:,.1f}".removesuffix(".0") + " MB"


def _pages(pdf: Path) -> int:
    try:
        pages = count_pages(pdf)
    except (Crashed, TooLong) as error:
        log.info("a PDF cannot be read: %s", error)
        raise _Unfit(_UNREADABLE) from error
    if pages is None:
        raise _Unfit(_LOCKED)
    if pages > MAX_PAGES:
        raise _Unfit(f"It has {pages:,} pages, and at most {MAX_PAGES} are read. Save the pages that you need as PDF.")
    return pages


def _look_at_zip(file: BinaryIO, most_bytes: int) -> tuple[Kind, int | None]:
    try:
        package = look_at_package(file, most_bytes, without_archives=True)
    except BadPackage as error:
        raise _Unfit(_FLAWS.get(error.flaw, _BROKEN)) from error
    if package.main is Main.DOCUMENT:
        if _WORDS not in package.parts:
            raise _Unfit("Its words are not where they usually are. Open it in Word, save it as PDF and try again.")
        return Kind.DOCX, None
    if package.main is Main.DECK:
        return Kind.PPTX, _slides(package)
    maker = next((advice for part, advice in _MAKERS.items() if part in package.parts), _ANY_ZIP)
    raise _Unfit(_OTHERS.get(package.main, maker))


def _slides(package: Package) -> int:
    slides = sum(part.startswith(_SLIDES) and part.endswith(".xml") for part in package.parts)
    if not slides:
        raise _Unfit("It has no slides. Choose a presentation that has some.")
    return slides


def _text_kind(name: str) -> Kind:
    return Kind.MD if is_markdown(name) else Kind.TXT


def _encoding(path: Path) -> str:
    try:
        return encoding_of(path)
    except NoWords as error:
        raise _Unfit("It has nothing in it but space. Choose one with some words.") from error
    except NotText as error:
        raise _Unfit(_NO_TEXT) from error
