"""What all rows have in common."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all rows; text is unbounded and every time is aware."""

    type_annotation_map = {str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012 (SQLAlchemy's own name)


def iso(time: datetime | None) -> str | None:
    """The time as the API gives it; None for what has not happened."""
    return time.isoformat() if time else None
