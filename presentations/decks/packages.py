"""The ZIP that a .pptx or .docx is (Open Packaging Conventions, ECMA-376 part 2): whether it is whole and harmless, and
of what."""

from __future__ import annotations

import errno
import re
import struct
import zlib
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

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


class Flaw(Enum):
    """Why a package is not taken, whatever it is of."""

    BROKEN = auto()
    BOMB = auto()
    MACROS = auto()
    LOCKED = auto()  # a ZIP with a password, which no program of Office makes


class Main(Enum):
    """What a package is of."""

    DECK = auto()
    DECK_TEMPLATE = auto()
    DOCUMENT = auto()
    DOCUMENT_TEMPLATE = auto()
    WORKBOOK = auto()
    OTHER = auto()


_TYPE = re.compile(rb"application/vnd\.[\w.+-]{1,200}", re.ASCII)
_OFFICE = b"application/vnd.openxmlformats-officedocument."
_MAINS = {
    _OFFICE + b"presentationml.presentation.main+xml": Main.DECK,
    # A slide show (.ppsx) differs in nothing else: PowerPoint opens it under the name .pptx, too.
    _OFFICE + b"presentationml.slideshow.main+xml": Main.DECK,
    _OFFICE + b"presentationml.template.main+xml": Main.DECK_TEMPLATE,
    _OFFICE + b"wordprocessingml.document.main+xml": Main.DOCUMENT,
    _OFFICE + b"wordprocessingml.template.main+xml": Main.DOCUMENT_TEMPLATE,
    _OFFICE + b"spreadsheetml.sheet.main+xml": Main.WORKBOOK,
}


@dataclass(frozen=True)
class Package:
    """What a package is of, and the names of its parts in small letters."""

    main: Main
    parts: frozenset[str]


class BadPackage(Exception):
    """A ZIP that is not read any further."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.name)
        self.flaw = flaw


def is_same_deck(one: Path, other: Path) -> bool:
    """Whether two .pptx files, which check_file() has let pass, differ in nothing but when they were saved."""
    return _parts(one) == _parts(other)


def _parts(deck: Path) -> dict[str, tuple[int, int]]:
    with ZipFile(deck) as package:
        parts = [part for part in package.infolist() if not part.filename.startswith("docProps/")]
    return {part.filename: (part.file_size, part.CRC) for part in parts}


def look_at_package(file: BinaryIO, most_bytes: int, *, without_archives: bool = False) -> Package:
    """What is in a file that begins as a ZIP does.

    Raises BadPackage where it is not whole, has macros, a password or more inside than fits; `without_archives` also
    where something in it is a ZIP that nobody embedded there by Office.
    """
    if _entries(file) > _MOST_PARTS:
        raise BadPackage(Flaw.BOMB)
    try:
        with ZipFile(file) as package:
            parts = package.infolist()
            _check_parts(parts, most_bytes)
            types = _content_types(package)
            if without_archives and types and any(_is_archive(package, part) for part in parts):
                raise BadPackage(Flaw.BOMB)
    except _UNREADABLE as error:
        raise BadPackage(Flaw.BROKEN) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise BadPackage(Flaw.BROKEN) from error  # a directory that leads to before the beginning of the file
    return Package(_main(types), frozenset(part.filename.lower() for part in parts))


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
        raise BadPackage(Flaw.LOCKED)
    if any(name.rpartition("/")[2] == "vbaproject.bin" for name in names):
        raise BadPackage(Flaw.MACROS)
    # What has a part twice is read in two ways by two programs, and what leads outside belongs to no presentation.
    if len(set(names)) < len(names) or any(_leads_outside(name) for name in names):
        raise BadPackage(Flaw.BROKEN)
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise BadPackage(Flaw.BROKEN)
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    is_bomb = unpacked > _MANY_BYTES and unpacked > _MOST_SHRUNK * packed
    if is_bomb or unpacked > max(_MOST_UNPACKED, 2 * most_bytes):
        raise BadPackage(Flaw.BOMB)


def _leads_outside(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _is_archive(package: ZipFile, part: ZipInfo) -> bool:
    """Whether a part is a ZIP; but for the workbook of a chart, and what else Office embeds."""
    if part.is_dir() or "/embeddings/" in part.filename.lower():
        return False
    with package.open(part) as content:
        return content.read(4) == b"PK\x03\x04"


def _content_types(package: ZipFile) -> set[bytes]:
    """The content types of its parts, of which one says what the whole is; empty where it is no such package."""
    try:
        part = package.getinfo("[Content_Types].xml")
    except KeyError:
        return set()
    with package.open(part) as content:
        return set(_TYPE.findall(content.read(_MOST_TYPES)))


def _main(types: set[bytes]) -> Main:
    if any(one.endswith(b".macroEnabled.main+xml") for one in types) or b"vbaProject" in b" ".join(types):
        raise BadPackage(Flaw.MACROS)
    # A deck may have a document embedded, whose type stands there as well, but not as the main part of one.
    return next((main for one, main in _MAINS.items() if one in types), Main.OTHER)
