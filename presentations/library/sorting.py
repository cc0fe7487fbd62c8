"""In which order a list comes, and where the part after a presentation begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, tuple_

from presentations.database.models import Presentation
from presentations.errors import InvalidRequest, shown
from presentations.library.cursors import read_time_cursor, read_title_cursor, time_cursor, title_cursor

NEWEST, OLDEST, TITLE = "newest", "oldest", "title"
SORTS = (NEWEST, OLDEST, TITLE)

# The start of the title is enough, and keeps a cursor short enough for an address.
_LONGEST_TITLE = 100


@dataclass(frozen=True)
class Page:
    """A part of a list. `next` is the cursor of the part after it, None on the last one."""

    items: list[Presentation]
    next: str | None


def page_of(found: list[Presentation], limit: int | None, sort: str) -> Page:
    """The part of a list of which one more than `limit` was looked for."""
    if limit is None or len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], cursor_of(sort, found[limit - 1]))


def checked_sort(sort: str) -> str:
    """Raises InvalidRequest unless it is one of SORTS."""
    if sort not in SORTS:
        raise InvalidRequest("sort", f"expected one of {', '.join(SORTS)}, got {shown(sort)}")
    return sort


def in_order(sort: str) -> Sequence[ColumnElement[Any]]:
    """What a list is ordered by."""
    if sort == NEWEST:
        return [Presentation.created_at.desc(), Presentation.id.desc()]
    return [_column(sort).asc(), Presentation.id.asc()]


def after_cursor(sort: str, cursor: str) -> ColumnElement[bool]:
    """Only what comes after the presentation that `cursor` was made of. Raises InvalidRequest."""
    here = tuple_(_column(sort), Presentation.id)
    there = read_title_cursor(cursor) if sort == TITLE else read_time_cursor(cursor)
    return here < there if sort == NEWEST else here > there


def cursor_of(sort: str, presentation: Presentation) -> str:
    """Where the part of a list after this one begins."""
    if sort == TITLE:
        return title_cursor((presentation.search_text or "")[:_LONGEST_TITLE], presentation.id)
    return time_cursor(presentation.created_at, presentation.id)


def _column(sort: str) -> ColumnElement[Any]:
    if sort == TITLE:
        return func.left(Presentation.search_text, _LONGEST_TITLE).collate("C")
    return Presentation.created_at.expression
