"""Times as a teacher reads them, in the time zone of the teacher's browser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from flask import g, has_request_context, request
from markupsafe import Markup

COOKIE = "zone"


def zone() -> tzinfo | None:
    """The zone that the browser named; None, which is this machine's, until it has."""
    if not has_request_context():
        return None
    if "zone" not in g:
        g.zone = _zone_of(request.cookies.get(COOKIE, ""))
    return cast(tzinfo | None, g.zone)


def _zone_of(name: str) -> tzinfo | None:
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
    here = zone()
    return _day(time.astimezone(here), (now or datetime.now(UTC)).astimezone(here).date())


def exact(time: datetime) -> str:
    """The day and the minute."""
    return _exact(time.astimezone(zone()))


def when(time: datetime) -> Markup:
    """The day, as an element of HTML that has the minute for whoever looks closer."""
    here = zone()
    return said(time, here, datetime.now(here).date())


def said(time: datetime, here: tzinfo | None, today: date) -> Markup:
    """The same in the zone `here`, on a day there."""
    local = time.astimezone(here)
    # Neither has a letter that means anything in HTML.
    return Markup(f'<span title="{_exact(local)}">{_day(local, today)}</span>')  # noqa: S704


def _day(local: datetime, today: date) -> str:
    if local.date() == today:
        return f"today, {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return "yesterday"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def _exact(local: datetime) -> str:
    return f"{local:%A {local.day} %B %Y, %H:%M}"
