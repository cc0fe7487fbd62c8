"""Cursors: where the next part of a list begins, as text that is safe in any address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from presentations.errors import InvalidRequest, shown

# A time in microseconds and an id.
TIME_CURSOR = r"^[0-9]{1,16}-[0-9a-f]{32}$"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def time_cursor(time: datetime, last_id: UUID) -> str:
    """Where a row stands in an order of times and ids."""
    return f"{(time - _EPOCH) // _MICROSECOND}-{last_id.hex}"


def read_time_cursor(cursor: str) -> tuple[datetime, UUID]:
    """What a cursor stands for. Raises InvalidRequest."""
    if not re.fullmatch(TIME_CURSOR, cursor):
        raise _no_cursor(cursor)
    microseconds, _, last_id = cursor.partition("-")
    return _EPOCH + int(microseconds) * _MICROSECOND, UUID(last_id)


def title_cursor(title: str, last_id: UUID) -> str:
    """Where a row stands in an order of titles and ids."""
    return f"{last_id.hex}-{title}"


def read_title_cursor(cursor: str) -> tuple[str, UUID]:
    """What a cursor stands for. Raises InvalidRequest."""
    last_id, _, title = cursor.partition("-")
    try:
        if "\x00" in title or not title.encode():
            raise ValueError
        return title, UUID(last_id)
    except ValueError:
        raise _no_cursor(cursor) from None


def _no_cursor(given: str) -> InvalidRequest:
    return InvalidRequest("after", f"expected a cursor from an earlier page of this list, got {shown(given)}")
