"""What files are called in the store. Nothing else in the folder or the bucket is ever looked at, or deleted."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

# A file of a presentation; or what is only there for a moment: files on their way in, and what `check` writes. What a
# crash left of those is listed as well, so that a sweep finds it.
_KEY = re.compile(
    r"decks/[0-9a-f]{2}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{64}|(incoming|checks)/[0-9a-f]{32}", re.ASCII
)

INCOMING = "incoming"


def deck_key(presentation_id: UUID, sha256: str) -> str:
    """Where a file of this presentation is kept: by its content, so that what was written is never written over.

    Raises ValueError when `sha256` is not 64 small hexadecimal digits.
    """
    key = f"{deck_prefix(presentation_id)}{sha256}"
    check_key(key)
    return key


def deck_prefix(presentation_id: UUID) -> str:
    """What the keys of all files of this presentation begin with."""
    return f"decks/{presentation_id.hex[:2]}/{presentation_id}/"


def passing_key(folder: str) -> str:
    """A new key for what is there for a moment, in `incoming` or `checks`."""
    return f"{folder}/{uuid4().hex}"


def whose_file(key: str) -> tuple[UUID, str] | None:
    """The presentation that a key is of, and the hash of the file; None for what is there for a moment."""
    folder, *parts = key.split("/")
    return (UUID(parts[1]), parts[2]) if folder == "decks" else None


def is_key(text: str) -> bool:
    """Whether something in the store is called as Lectern calls files."""
    return bool(_KEY.fullmatch(text))


def check_key(key: str) -> None:
    """Raises ValueError for what is no key: it could lead out of the folder."""
    if not is_key(key):
        raise ValueError(f"expected a key of the store, got {key!r}")


def check_prefix(prefix: str) -> None:
    """Raises ValueError for what is not the prefix of one presentation."""
    if not is_key(f"{prefix}{'0' * 64}"):
        raise ValueError(f"expected the prefix of a presentation's files, got {prefix!r}")
