"""Times as a teacher reads them, in the time zone of the teacher's browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from flask import has_request_context, request

COOKIE = "zone"


def zone() -> tzinfo | None:
    """The zone that the browser named; None, which is this machine's, until it has."""
    name = request.cookies.get(COOKIE, "") if has_request_context() else ""
    if not name or len(name) > 60:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # none of this name, or no name at all
        return None


def ago(time: datetime, now: datetime | None = None) -> str:
    """How long ago that was, no finer than anybody cares for."""
    minutes = max(0, int(((now or datetime.now(UTC)) - time).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago"


def about(seconds: float) -> str:
    """About how long that is."""
    minutes = max(1, round(seconds / 60))
    if minutes < 100:
        return f"{minutes} min"
    return f"{round(minutes / 60)} h"


def day(time: datetime, now: datetime | None = None) -> str:
    """The day of `time`, as short as it is clear."""
    local, today = time.astimezone(zone()), (now or datetime.now(UTC)).astimezone(zone()).date()
    if local.date() == today:
        return f"today, {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return "yesterday"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def exact(time: datetime) -> str:
    """The day and the minute."""
    local = time.astimezone(zone())
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"
