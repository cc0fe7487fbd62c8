"""Places in lists, as clients get them: a time in microseconds and an id, safe in any address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

PATTERN = r"^[0-9]{1,16}-[0-9a-f]{32}$"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def cursor(time: datetime, last_id: UUID) -> str:
    return f"{(time - _EPOCH) // _MICROSECOND}-{last_id.hex}"


def place(text: str) -> tuple[datetime, UUID]:
    """What a cursor of this pattern stands for."""
    microseconds, _, last_id = text.partition("-")
    return _EPOCH + int(microseconds) * _MICROSECOND, UUID(last_id)
