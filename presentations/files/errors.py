"""What can go wrong with kept files, as callers see it. The message is for a teacher, `reason` for admins."""

from __future__ import annotations

from presentations.errors import LecternError


class StoreError(LecternError):
    """A file could not be kept or given out. `reason` names keys, folders and statuses, but no secret."""

    sentence = ""

    def __init__(self, reason: str) -> None:
        super().__init__(self.sentence)
        self.reason = reason


class StoreAway(StoreError):
    """The store cannot be reached or written to just now; nothing was changed by halves. Trying later may work."""

    sentence = "The place where files are kept cannot be reached just now. Try again in a minute."


class Missing(StoreError):
    """The store is there, and has no such file."""

    sentence = "This file is no longer where it was kept. Tell whoever runs Lectern."


class Damaged(StoreError):
    """A kept file has not the size or the SHA-256 that it had."""

    sentence = "This file was damaged where it is kept, so it is not given out. Tell whoever runs Lectern."
