"""What files are called in the store. Nothing else in the folder or the bucket is ever looked at, or deleted."""

from __future__ import annotations

import re
from typing import NamedTuple
from uuid import UUID, uuid4

# A file of a presentation or an upload; or what is only there for a moment: files on their way in, and what `check`
# writes. What a crash left of those is listed as well, so that a sweep finds it.
_KEY = re.compile(
    r"(decks|uploads)/[0-9a-f]{2}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{64}"
    r"|(incoming|checks)/[0-9a-f]{32}",
    re.ASCII,
)

DECKS, UPLOADS = "decks", "uploads"
INCOMING = "incoming"


class Whose(NamedTuple):
    """What a key says: of which presentation (in DECKS) or upload (in UPLOADS) it is, and the hash of the file."""

    folder: str
    id: UUID
    sha256: str


def deck_key(presentation_id: UUID, sha256: str) -> str:
    """Where a file of this presentation is kept: by its content, so that what was written is never written over.

    Raises ValueError when `sha256` is not 64 small hexadecimal digits.
    """
    return _checked(f"{deck_prefix(presentation_id)}{sha256}")


def deck_prefix(presentation_id: UUID) -> str:
    """What the keys of all files of this presentation begin with."""
    return _prefix(DECKS, presentation_id)


def upload_key(upload_id: UUID, sha256: str) -> str:
    """Where the file of this upload is kept. Raises ValueError as `deck_key`."""
    return _checked(f"{upload_prefix(upload_id)}{sha256}")


def upload_prefix(upload_id: UUID) -> str:
    """What the key of this upload's file begins with."""
    return _prefix(UPLOADS, upload_id)


def _prefix(folder: str, whose: UUID) -> str:
    return f"{folder}/{whose.hex[:2]}/{whose}/"


def _checked(key: str) -> str:
    check_key(key)
    return key


def passing_key(folder: str) -> str:
    """A new key for what is there for a moment, in `incoming` or `checks`."""
    return f"{folder}/{uuid4().hex}"


def whose_file(key: str) -> Whose | None:
    """The presentation or upload that a key is of; None for what is there for a moment."""
    folder, *parts = key.split("/")
    return Whose(folder, UUID(parts[1]), parts[2]) if folder in (DECKS, UPLOADS) else None


def is_key(text: str) -> bool:
    """Whether something in the store is called as Lectern calls files."""
    return bool(_KEY.fullmatch(text))


def check_key(key: str) -> None:
    """Raises ValueError for what is no key: it could lead out of the folder."""
    if not is_key(key):
        raise ValueError(f"expected a key of the store, got {key!r}")


def check_prefix(prefix: str) -> None:
    """Raises ValueError for what is not the prefix of one presentation or upload."""
    if not is_key(f"{prefix}{'0' * 64}"):
        raise ValueError(f"expected the prefix of a presentation's or an upload's files, got {prefix!r}")
