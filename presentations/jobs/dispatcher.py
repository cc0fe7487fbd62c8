"""The dispatcher: rows and the line brought together. This is what keeps the promise that nothing is lost.

One runs in every worker process; a lock in the database lets one at a time work.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from presentations.database.models import PENDING, PROCESSING, Presentation
from presentations.jobs import WAITING_AGAIN, Entry, Workshop, admit, enter
from presentations.telemetry.metrics import DISPATCHER_RUNS, LEASE_EXPIRIES

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOCK = 723600


class Dispatcher:
    """Brings back what was lost on the way: expired leases, lost places in line, those whose turn has come."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._expired: Sightings[UUID] = Sightings()
        self._lost: Sightings[Entry] = Sightings()

    def run_once(self) -> None:
        """One pass. Raises Unavailable or RedisError."""
        self._bring_together()
        DISPATCHER_RUNS.inc()

    def _bring_together(self) -> None:
        line, database = self._workshop.line, self._workshop.database
        try:
            in_line: set[str] | None = line.job_ids()
            self._workshop.outages.over("Redis")
        except RedisError as error:
            self._workshop.outages.note("Redis", error)
            in_line = None
        with database.begin() as session:
            if not _is_alone(session):
                # What was seen before is old news by the next time.
                self._expired, self._lost = Sightings(), Sightings()
                return
            self._take_back(session)
            if in_line is None:
                return
            lost = self._forget_lost_places(session, in_line)
            entries = [entry for user in _users_waiting(session) for entry in admit(session, user)]
        # Only now: a job must not start before its row says that it may.
        line.remove(lost)
        enter(database, line, entries)
        for job_id in line.sweep():
            log.info("job %s: its worker is gone; wiped from the list of started jobs", job_id)

    def _take_back(self, session: Session) -> None:
        """Give expired leases back to the line, once they were seen expired twice.

        After an outage of the database all leases are expired, and living workers need a moment to renew theirs.
        """
        expired = session.execute(
            select(Presentation.id, Presentation.lease_owner)
            .where(Presentation.status == PROCESSING, Presentation.lease_until < func.now())
            .order_by(Presentation.lease_until)
        ).all()
        owners = {owner: presentation_id for presentation_id, owner in expired if owner}
        for owner in self._expired.again(owners, self._workshop.settings.lease_seconds / 3):
            if _take_back(session, owner):
                LEASE_EXPIRIES.inc()
                log.warning("presentation %s: its worker is gone; back in line", owners[owner])

    def _forget_lost_places(self, session: Session, in_line: set[str]) -> Sequence[Entry]:
        """Take the mark from rows whose place in line was lost: emptied by Redis, or popped by a worker that died."""
        patience = timedelta(seconds=self._workshop.settings.line_lost_after)
        waiting = session.execute(
            select(Presentation.id, Presentation.line_entry).where(
                Presentation.status == PENDING, Presentation.queued_at < func.now() - patience
            )
        ).all()
        missing = [entry for entry in (Entry(*row) for row in waiting) if entry.job_id not in in_line]
        # One that was popped a moment ago is about to be claimed.
        lost = self._lost.again(missing, self._workshop.settings.lease_seconds / 6)
        for entry in lost:
            log.warning("presentation %s: its place in line was lost; in line again", entry.id)
            session.execute(
                update(Presentation)
                .where(Presentation.id == entry.id, Presentation.status == PENDING)
                .values(queued_at=None)
            )
        return lost


class Sightings(Generic[T]):
    """Tells what was seen before, so that one look at a bad moment decides nothing."""

    def __init__(self) -> None:
        self._first: dict[T, float] = {}

    def again(self, seen: Iterable[T], seconds: float) -> list[T]:
        """Those of `seen` that were there at every look for at least `seconds`."""
        now = time.monotonic()
        self._first = {one: self._first.get(one, now) for one in seen}
        return [one for one, first in self._first.items() if first < now and now - first >= seconds]


def _is_alone(session: Session) -> bool:
    # A holder that is frozen in mid-transaction must not stop the others for ever.
    session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10s'"))
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))


def _take_back(session: Session, owner: UUID) -> bool:
    taken = session.scalars(
        update(Presentation)
        .where(
            Presentation.status == PROCESSING,
            Presentation.lease_owner == owner,
            Presentation.lease_until < func.now(),
        )
        .values(**WAITING_AGAIN)
        .returning(Presentation.id)
    ).all()
    return bool(taken)


def _users_waiting(session: Session) -> Sequence[str]:
    """Everybody with a presentation that is not in line yet, by whose has waited longest.

    Hops from user to user through the index: a teacher with thousands waiting costs one step.
    """
    return session.scalars(_USERS_WAITING).all()


_USERS_WAITING = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT user_id, asked_at FROM presentation_jobs
         WHERE status = 'pending' AND queued_at IS NULL ORDER BY user_id, asked_at LIMIT 1)
        UNION ALL
        SELECT following.user_id, following.asked_at FROM waiting, LATERAL (
            SELECT user_id, asked_at FROM presentation_jobs
            WHERE status = 'pending' AND queued_at IS NULL AND user_id > waiting.user_id
            ORDER BY user_id, asked_at LIMIT 1) AS following
    )
    SELECT user_id FROM waiting ORDER BY asked_at
    """
)
