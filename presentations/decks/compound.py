"""Compound files, in which Office up to 2003 kept everything, and keeps what is encrypted.

[MS-CFB], [MS-OFFCRYPTO].
"""

from __future__ import annotations

import mmap
from enum import StrEnum
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Compound(StrEnum):
    """What is in a compound file; the value is the name of a stream that nothing else has."""

    LOCKED = "EncryptedPackage"
    DECK = "PowerPoint Document"
    DOCUMENT = "WordDocument"
    WORKBOOK = "Workbook"
    OTHER = ""


def look_at_compound(file: BinaryIO) -> Compound:
    """What is in a file that begins with SIGNATURE; the directory of its streams may be anywhere."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return next(one for one in Compound if content.find(one.encode("utf-16-le")) >= 0)
