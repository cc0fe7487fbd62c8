"""Is everything well? In one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template

from presentations.database.models import Presentation
from presentations.operations import (
    LISTED,
    Overview,
    Thread,
    everything,
    of_decks,
    of_failures,
    of_line,
    of_servers,
    of_work,
    overview_of,
)
from presentations.web.admin import charts
from presentations.web.admin.blueprint import admin
from presentations.web.current import controls, database, redis, servers
from presentations.web.times import zone

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@admin.get("")
def show() -> str:
    seen = overview_of(database(), redis(), zone_name())
    found = everything(servers())
    return render_template(
        "admin/overview.html",
        seen=seen,
        checks=found,
        findings=[*of_servers(found), *of_line(seen, controls().now()), *of_failures(seen), *of_decks(seen)],
        slow=of_work(seen.at_work, seen.now, servers().settings),
        doing=_doing(seen),
        charts=_charts(seen),
        days_of_week=DAYS,
        listed=LISTED,
    )


def zone_name() -> str:
    """The browser's time zone, as PostgreSQL knows it."""
    known = zone()
    return known.key if isinstance(known, ZoneInfo) else "UTC"


@dataclass(frozen=True)
class Doing:
    """A thread, and the presentation that it is at, if any."""

    thread: Thread
    presentation: Presentation | None


def _doing(seen: Overview) -> Mapping[str, list[Doing]]:
    by_id: dict[UUID | None, Presentation] = {one.id: one for one in seen.at_work}
    return {
        worker: [Doing(thread, by_id.get(_presentation_of(thread))) for thread in threads]
        for worker, threads in (seen.workers or {}).items()
    }


def _presentation_of(thread: Thread) -> UUID | None:
    try:
        return UUID((thread.job_id or "").partition("_")[0])
    except ValueError:
        return None


def _charts(seen: Overview) -> dict[str, charts.Chart]:
    hours = [{"complete": h.complete, "error": h.error, "cancelled": h.cancelled} for h in seen.hours]
    return {
        "hours": charts.stacked(hours),
        "minutes": charts.overlaid([{"slowest": day.slowest, "median": day.median} for day in seen.days]),
        "per_slide": charts.overlaid([{"median": day.per_slide} for day in seen.days]),
        "wait": charts.overlaid([{"median": day.wait} for day in seen.days]),
        "week": charts.week(seen.asked),
    }
