"""The ZIP that a .pptx is (Open Packaging Conventions, ECMA-376 part 2): whole, harmless, and of PowerPoint."""

from __future__ import annotations

import errno
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from presentations.decks.errors import BadFile

# A deck of 200 slides has some 2,000 parts.
_MOST_PARTS = 10_000
# What reads a deck has all of it in memory; what a bomb is made of shrinks a thousandfold, a deck to a twentieth.
_MOST_UNPACKED = 600_000_000
_MOST_SHRUNK = 50
_MANY_BYTES = 100_000_000
_MOST_TYPES = 4_000_000
_ENTRY = b"PK\x01\x02"
_CHUNK = 1 << 20
# What zipfile says of a broken one; but for the first, where it trusts a number in it.
_UNREADABLE = (BadZipFile, NotImplementedError, EOFError, ValueError, OverflowError, struct.error, zlib.error)

_BROKEN = "This PowerPoint file is damaged: not all of it is there. Save or download it once more and try again."
_BOMB = (
    "This PowerPoint file unpacks to much more than a presentation has. Save it once more in PowerPoint and try again."
)
_MACROS = (
    "This file has macros, which may do harm where it is opened. Save it as a presentation without them "
    "(.pptx) and try again."
)
_LOCKED_ZIP = (
    "This is a ZIP archive with a password, and no PowerPoint file. Unpack it, choose the presentation and try again."
)
_ANY_ZIP = "This is a ZIP archive, and no PowerPoint file. Unpack it, choose the presentation in it and try again."

_TYPE = re.compile(rb"application/vnd\.[\w.+-]{1,200}", re.ASCII)
_OFFICE = b"application/vnd.openxmlformats-officedocument."
# A slide show (.ppsx) differs in nothing else: PowerPoint opens it under the name .pptx, too.
_DECKS = {_OFFICE + b"presentationml.presentation.main+xml", _OFFICE + b"presentationml.slideshow.main+xml"}
_OTHERS = {
    _OFFICE + b"presentationml.template.main+xml": (
        "This is a PowerPoint template (.potx). Open it in PowerPoint, save it as a presentation (.pptx) and try again."
    ),
    _OFFICE + b"wordprocessingml.document.main+xml": (
        "This is a Word document, and no PowerPoint file. Choose the presentation and try again."
    ),
    _OFFICE + b"spreadsheetml.sheet.main+xml": (
        "This is an Excel workbook, and no PowerPoint file. Choose the presentation and try again."
    ),
}


class BrokenZip(Exception):
    """A ZIP of which not all is there, or whose parts are not where its directory says."""


@contextmanager
def reading_zip() -> Iterator[None]:
    """Turn whatever zipfile raises for a broken ZIP into BrokenZip; OSError is that of the disk."""
    try:
        yield
    except _UNREADABLE as error:
        raise BrokenZip(str(error)) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise BrokenZip("its directory leads to before its beginning") from error


def is_same_deck(one: Path, other: Path) -> bool:
    """Whether two .pptx files, which check_package() has let pass, differ in nothing but when they were saved."""
    return _parts(one) == _parts(other)


def _parts(deck: Path) -> dict[str, tuple[int, int]]:
    with ZipFile(deck) as package:
        parts = [part for part in package.infolist() if not part.filename.startswith("docProps/")]
    return {part.filename: (part.file_size, part.CRC) for part in parts}


def check_package(file: BinaryIO, most_bytes: int) -> None:
    """Raises BadFile unless it is the ZIP of a presentation without macros, password or more inside than fits."""
    if _entries(file) > _MOST_PARTS:
        raise BadFile(_BOMB)
    try:
        with reading_zip(), ZipFile(file) as package:
            _check_parts(package.infolist(), most_bytes)
            types = _content_types(package)
    except BrokenZip as error:
        raise BadFile(_BROKEN) from error
    _check_types(types)


def _entries(file: BinaryIO) -> int:
    """How many entries its directory can have, of _MOST_PARTS and one: zipfile would read a million into memory."""
    file.seek(0)
    found, rest = 0, b""
    while (chunk := file.read(_CHUNK)) and found <= _MOST_PARTS:
        content = rest + chunk
        found += content.count(_ENTRY)
        rest = content[-len(_ENTRY) + 1 :]
    return found


def _check_parts(parts: list[ZipInfo], most_bytes: int) -> None:
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 0x1 for part in parts):
        raise BadFile(_LOCKED_ZIP)
    if any(name.rpartition("/")[2] == "vbaproject.bin" for name in names):
        raise BadFile(_MACROS)
    # What has a part twice is read in two ways by two programs, and what leads outside belongs to no presentation.
    if len(set(names)) < len(names) or any(_leads_outside(name) for name in names):
        raise BadFile(_BROKEN)
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise BadFile(_BROKEN)
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    is_bomb = unpacked > _MANY_BYTES and unpacked > _MOST_SHRUNK * packed
    if is_bomb or unpacked > max(_MOST_UNPACKED, 2 * most_bytes):
        raise BadFile(_BOMB)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _content_types(package: ZipFile) -> set[bytes]:
    """The content types of its parts, of which one says what the whole is; empty where it is no such package."""
    try:
        part = package.getinfo("[Content_Types].xml")
    except KeyError:
        return set()
    with package.open(part) as content:
        return set(_TYPE.findall(content.read(_MOST_TYPES)))


def _check_types(types: set[bytes]) -> None:
    if any(b"ms-powerpoint" in one and b"macroEnabled" in one for one in types) or b"vbaProject" in b" ".join(types):
        raise BadFile(_MACROS)
    if not types & _DECKS:
        other = next((one for one in _OTHERS if one in types), b"")
        raise BadFile(_OTHERS.get(other, _ANY_ZIP))
