"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from presentations.decks import compound
from presentations.decks.compound import Compound, look_at_compound
from presentations.decks.errors import BadFile
from presentations.decks.packages import BadPackage, Flaw, Main, look_at_package


class Kind(StrEnum):
    """The kinds of files that are kept of a deck; the value is the ending of their names."""

    PPTX = "pptx"
    PDF = "pdf"

    @property
    def spoken(self) -> str:
        return "PowerPoint file" if self is Kind.PPTX else "PDF"


_HEAD = 1024
# The last trailer of a PDF, or the stream of cross-references that has its entries.
_TAIL = 65536
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*[<\d]")
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"

_NO_DECK = "This is no PowerPoint file. Open the presentation, save it as .pptx and try again."
_COMPOUNDS = {
    Compound.LOCKED: (
        "This PowerPoint file is protected by a password, so nobody else can read it. Save it without one and try "
        "again."
    ),
    Compound.DECK: (
        "This is a PowerPoint file of the old kind (.ppt). Open it in PowerPoint, save it as .pptx and try again."
    ),
}
_BROKEN = "This PowerPoint file is damaged: not all of it is there. Save or download it once more and try again."
_FLAWS = {
    Flaw.BOMB: (
        "This PowerPoint file unpacks to much more than a presentation has. Save it once more in PowerPoint and try "
        "again."
    ),
    Flaw.MACROS: (
        "This file has macros, which may do harm where it is opened. Save it as a presentation without them "
        "(.pptx) and try again."
    ),
    Flaw.LOCKED: (
        "This is a ZIP archive with a password, and no PowerPoint file. Unpack it, choose the presentation and try "
        "again."
    ),
}
_ANY_ZIP = "This is a ZIP archive, and no PowerPoint file. Unpack it, choose the presentation in it and try again."
_OTHERS = {
    Main.DECK_TEMPLATE: (
        "This is a PowerPoint template (.potx). Open it in PowerPoint, save it as a presentation (.pptx) and try again."
    ),
    Main.DOCUMENT: "This is a Word document, and no PowerPoint file. Choose the presentation and try again.",
    Main.WORKBOOK: "This is an Excel workbook, and no PowerPoint file. Choose the presentation and try again.",
}


def check_file(path: Path, kind: Kind, *, most_bytes: int) -> None:
    """Raises BadFile unless it is a whole file of this kind that can be read, of at most `most_bytes`.

    Looks at its beginning and end, the directory of its ZIP and one small part; what is inside of the others is seen
    when they are read, in the sandbox. OSError is that of the disk.
    """
    size = path.stat().st_size
    if size == 0:
        raise BadFile("This file is empty. Save the presentation once more and try again.")
    if size > most_bytes:
        raise BadFile(
            f"This file has {_megabytes(size)}, and at most {_megabytes(most_bytes)} can be kept. Make its pictures "
            "and films smaller and try again."
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.lstrip(_BYTE_ORDER_MARKS + b" \t\r\n\x00").startswith(b"<"):
            raise BadFile(f"This is a web page, and no {kind.spoken}. Download the file itself and try again.")
        if kind is Kind.PDF:
            _check_pdf(file, head)
        else:
            _check_powerpoint(file, head, most_bytes)


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f}".removesuffix(".0") + " MB"


def _check_pdf(file: BinaryIO, head: bytes) -> None:
    if b"%PDF-" not in head:
        raise BadFile("This is no PDF. Save the presentation as PDF and try again.")
    file.seek(0, 2)
    file.seek(max(0, file.tell() - _TAIL))
    if _ENCRYPTED_PDF.search(head) or _ENCRYPTED_PDF.search(file.read()):
        raise BadFile("This PDF is protected by a password. Save it without one and try again.")


def _check_powerpoint(file: BinaryIO, head: bytes, most_bytes: int) -> None:
    if head.startswith(compound.SIGNATURE):
        raise BadFile(_COMPOUNDS.get(look_at_compound(file), _NO_DECK))
    if b"%PDF-" in head:
        raise BadFile("This is a PDF, and no PowerPoint file. Open the presentation, save it as .pptx and try again.")
    if not head.startswith(b"PK"):
        raise BadFile(_NO_DECK)
    try:
        package = look_at_package(file, most_bytes)
    except BadPackage as error:
        raise BadFile(_FLAWS.get(error.flaw, _BROKEN)) from error
    if package.main is not Main.DECK:
        raise BadFile(_OTHERS.get(package.main, _ANY_ZIP))
