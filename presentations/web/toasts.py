"""One sentence about what was just done, with a way back where there is one."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import flash, get_flashed_messages

from presentations.web.current import is_look


def tell(said: str, undo: UUID | None = None) -> None:
    """Say this on the next page that is shown."""
    flash(said, str(undo) if undo else "")


def toasts() -> list[tuple[str, str]]:
    """What is to be said now, each with the id of its undo or nothing; once."""
    return [] if is_look() else cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
