"""What an admin sees at a glance: the line, who is at work on what, and how it went of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from redis import Redis
from sqlalchemy import select, text
from sqlalchemy.exc import DataError

from presentations.database import Database
from presentations.database.models import PROCESSING, Presentation
from presentations.keeping import DECKS
from presentations.lifecycle import WAITS
from presentations.operations.kept import Space, Unfetched, space_of, unfetched
from presentations.operations.workers import Thread, makers_among, workers_of
from presentations.presenton import Cause

LISTED = 20
_MOST_THREADS = 1000


@dataclass(frozen=True)
class Hour:
    """How many ended how in the hour that began at `start`."""

    start: datetime
    complete: int
    error: int
    cancelled: int

    @property
    def total(self) -> int:
        return self.complete + self.error + self.cancelled


@dataclass(frozen=True)
class Day:
    """How long it took on one day, in minutes; None when nothing was made."""

    start: datetime
    made: int
    median: float | None
    slowest: float | None
    per_slide: float | None
    wait: float | None


@dataclass(frozen=True)
class Trouble:
    """How many failed for one cause within a day, since the last one was made; `since` is when the first did."""

    cause: Cause
    number: int
    since: datetime


@dataclass(frozen=True)
class Overview:
    """All of it. `workers` are threads by host and process; None when Redis does not tell.

    `waiting` are those that wait for a worker, `outlines` those that wait for their teachers.
    """

    now: datetime
    waiting: int
    oldest_wait: float | None
    at_work: Sequence[Presentation]
    next_in_line: Sequence[Presentation]
    workers: Mapping[str, Sequence[Thread]] | None
    hours: Sequence[Hour]
    days: Sequence[Day]
    asked: Mapping[tuple[int, int], int]
    unfetched: Unfetched
    kept_bytes: int
    trouble: Sequence[Trouble] = ()
    outlines: int = 0

    @property
    def error_rate(self) -> float | None:
        """The share of the last 24 hours' ends that were errors; those that were cancelled do not count."""
        ended = sum(hour.complete + hour.error for hour in self.hours)
        return sum(hour.error for hour in self.hours) / ended if ended else None

    @property
    def threads(self) -> int:
        """How many threads make presentations."""
        return makers_among(self.workers)

    @property
    def keepers(self) -> int:
        """How many threads keep decks."""
        return sum(thread.queue == DECKS.queue for threads in (self.workers or {}).values() for thread in threads)


@dataclass(frozen=True)
class Standing:
    """The line in a few numbers; `oldest_wait` in seconds, None when nothing waits.

    `is_paused` is an admin's will, `is_refused` that Presenton lets nobody in.
    """

    waiting: int
    oldest_wait: float | None
    at_work: int
    is_paused: bool
    is_refused: bool
    unfetched: Unfetched = field(kw_only=True)


def standing(database: Database) -> Standing:
    """The line now. Raises Unavailable."""
    with database.snapshot() as session:
        return Standing(*session.execute(_STANDING).one(), unfetched=unfetched(session))


def space_used(database: Database) -> Space:
    """What is kept, by its kinds. Raises Unavailable."""
    with database.single() as session:
        return space_of(session)


def overview_of(database: Database, redis: Redis, zone: str) -> Overview:
    """How it stands; days and hours are those of `zone`, or UTC's where PostgreSQL lacks it. Raises Unavailable."""
    try:
        return _overview_of(database, redis, zone)
    except DataError:  # a browser, Python and PostgreSQL each have a list of zones of their own
        return _overview_of(database, redis, "UTC")


def _overview_of(database: Database, redis: Redis, zone: str) -> Overview:
    workers = workers_of(redis)
    with database.snapshot() as session:
        now, waiting, oldest, outlines = session.execute(_WAITING).one()
        at_work = select(Presentation).where(Presentation.status == PROCESSING).order_by(Presentation.started_at)
        pending = select(Presentation).where(*WAITS).order_by(Presentation.asked_at)
        return Overview(
            now=now,
            waiting=waiting,
            oldest_wait=oldest,
            outlines=outlines,
            at_work=session.scalars(at_work.limit(_MOST_THREADS)).all(),
            next_in_line=session.scalars(pending.limit(LISTED)).all(),
            workers=workers,
            hours=[Hour(*row) for row in session.execute(_HOURS)],
            days=[Day(*row) for row in session.execute(_DAYS, {"zone": zone})],
            trouble=[
                Trouble(Cause(row.error_cause), row.number, row.since.astimezone(ZoneInfo(zone)))
                for row in session.execute(_TROUBLE)
                if row.error_cause in set(Cause)
            ],
            unfetched=unfetched(session),
            kept_bytes=space_of(session).all,
            asked={(row.weekday, row.hour): row.number for row in session.execute(_ASKED, {"zone": zone})},
        )


_WAITING = text("""
    SELECT now(), count(*) FILTER (WHERE awaits_teacher_since IS NULL),
           CAST(extract(epoch FROM now() - min(asked_at) FILTER (WHERE awaits_teacher_since IS NULL))
                AS double precision),
           count(awaits_teacher_since)
    FROM presentation_jobs WHERE status = 'pending'
""")

_STANDING = text("""
    SELECT count(*) FILTER (WHERE status = 'pending' AND awaits_teacher_since IS NULL),
           CAST(extract(epoch FROM now() - min(asked_at)
                FILTER (WHERE status = 'pending' AND awaits_teacher_since IS NULL)) AS double precision),
           count(*) FILTER (WHERE status = 'processing'),
           EXISTS (SELECT FROM presentation_controls WHERE paused_at IS NOT NULL),
           EXISTS (SELECT FROM presentation_controls WHERE refused_at IS NOT NULL)
    FROM presentation_jobs WHERE status IN ('pending', 'processing')
""")

_TROUBLE = text("""
    SELECT error_cause, count(*) AS number, min(ended_at) AS since FROM presentation_jobs
    WHERE status = 'error' AND error_cause IS NOT NULL AND ended_at > greatest(now() - interval '1 day', (
        SELECT max(completed_at) FROM presentation_jobs WHERE status = 'complete' AND started_at < completed_at))
    GROUP BY error_cause ORDER BY number DESC, error_cause
""")

_HOURS = text("""
    SELECT hour, count(*) FILTER (WHERE kind = 'complete'), count(*) FILTER (WHERE kind = 'error'),
           count(*) FILTER (WHERE kind = 'cancelled')
    FROM generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), '1 hour') AS hour
    LEFT JOIN presentation_events ON at >= hour AND at < hour + interval '1 hour'
         AND at >= date_trunc('hour', now()) - interval '23 hours' AND kind IN ('complete', 'error', 'cancelled')
    GROUP BY hour ORDER BY hour
""")

_DAYS = text("""
    WITH made AS (
        SELECT date_trunc('day', completed_at, :zone) AS day, n_slides,
               CAST(extract(epoch FROM completed_at - started_at) AS double precision) / 60 AS minutes,
               CAST(extract(epoch FROM started_at - asked_at) AS double precision) / 60 AS wait
        FROM presentation_jobs
        WHERE status = 'complete' AND completed_at > now() - interval '15 days' AND started_at < completed_at
    )
    SELECT day, count(minutes), percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY minutes),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes / n_slides),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(wait, 0))
    FROM generate_series(date_trunc('day', now(), :zone) - interval '13 days', date_trunc('day', now(), :zone), '1 day')
         AS day LEFT JOIN made USING (day)
    GROUP BY day ORDER BY day
""")

_ASKED = text("""
    SELECT CAST(extract(isodow FROM created_at AT TIME ZONE :zone) AS integer) AS weekday,
           CAST(extract(hour FROM created_at AT TIME ZONE :zone) AS integer) AS hour, count(*) AS number
    FROM presentation_jobs WHERE created_at > now() - interval '28 days' GROUP BY 1, 2
""")
