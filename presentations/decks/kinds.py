"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import mmap
import re
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from presentations.decks.errors import BadFile
from presentations.decks.packages import check_package


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
# "Compound file", in which Office up to 2003 kept everything, and keeps what is encrypted ([MS-CFB], [MS-OFFCRYPTO]).
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = (
    "This PowerPoint file is protected by a password, so nobody else can read it. Save it without one and try again."
)
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"


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
    if head.startswith(_COMPOUND):
        raise BadFile(_PROTECTED if _names(file, "EncryptedPackage") else _old(file))
    if b"%PDF-" in head:
        raise BadFile("This is a PDF, and no PowerPoint file. Open the presentation, save it as .pptx and try again.")
    if not head.startswith(b"PK"):
        raise BadFile("This is no PowerPoint file. Open the presentation, save it as .pptx and try again.")
    check_package(file, most_bytes)


def _names(file: BinaryIO, stream: str) -> bool:
    """Whether a stream of this name is in a compound file; its directory may be anywhere."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(stream.encode("utf-16-le")) >= 0


def _old(file: BinaryIO) -> str:
    if _names(file, "PowerPoint Document"):
        return (
            "This is a PowerPoint file of the old kind (.ppt). Open it in PowerPoint, save it as .pptx and try again."
        )
    return "This is no PowerPoint file. Open the presentation, save it as .pptx and try again."
