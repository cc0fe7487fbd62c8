"""The dispatcher: rows and their queue brought together. This is what keeps the promise that nothing is lost.

One for each kind of work runs in every worker process; a lock in the database lets one at a time work.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import Interval, bindparam, func, select
from sqlalchemy.orm import Session

from presentations.database import try_lock
from presentations.jobs.engine import Engine
from presentations.jobs.outages import Outages
from presentations.jobs.queue import Line
from presentations.jobs.work import Entry
from presentations.telemetry.metrics import DISPATCHER_RUNS, LEASE_EXPIRIES

log = logging.getLogger(__name__)

T = TypeVar("T")

# Seconds between looks at what others left in Redis, which nobody waits for.
_TIDYING_SECONDS = 15.0


class Dispatcher:
    """Brings back what was lost on the way: expired leases, lost places in the queue, those whose turn has come.

    `lease_seconds` is how long leases last, `patience` how many seconds a place may be missing.
    """

    def __init__(self, engine: Engine, outages: Outages, lease_seconds: float, patience: float) -> None:
        self._engine = engine
        self._work = engine.work
        self._outages = outages
        self._lease_seconds = lease_seconds
        self._patience = timedelta(seconds=patience)
        self._tidied_at = -math.inf
        self._forget_sightings()
        # To put a statement together takes SQLAlchemy as long as to run it.
        work, table = self._work, self._work.table
        is_expired = (*work.give_back.when, work.until < func.now())
        self._expired_ones = select(table.id, work.owner).where(*is_expired).order_by(work.until)
        is_waiting = (*work.leave.when, table.queued_at < func.now() - bindparam("patience", type_=Interval))
        self._waiting = select(table.id, table.line_entry).where(*is_waiting)

    def run_once(self) -> None:
        """One pass. Raises Unavailable or RedisError."""
        self._bring_together(self._look())
        # Threads that follow what does not change have nothing to write for minutes, and would not notice.
        self._outages.over("PostgreSQL")
        DISPATCHER_RUNS.inc()

    def _look(self) -> Line | None:
        """How the queue stands; None while Redis is away."""
        queue = self._engine.queue
        try:
            if time.monotonic() - self._tidied_at > _TIDYING_SECONDS:
                self._tidy()
            line = queue.look()
            if line.was_emptied:
                line.jobs.update(queue.popped_ids())  # which are about to be claimed
        except RedisError as error:
            self._outages.note("Redis", error)
            return None
        self._outages.over("Redis")
        return line

    def _tidy(self) -> None:
        queue = self._engine.queue
        queue.set_strangers_aside()
        for job_id in queue.sweep():
            log.info("job %s: its worker is gone; wiped from the list of started jobs", job_id)
        self._tidied_at = time.monotonic()

    def _bring_together(self, line: Line | None) -> None:
        engine = self._engine
        with engine.database.begin() as session:
            if not try_lock(session, self._work.dispatching):
                self._forget_sightings()
                return
            self._take_back(session)
            if line is None:
                return
            lost = self._forget_lost_places(session, line)
            entries = self._work.admit(session, None)
        # Only now: a job must not start before its row says that it may.
        engine.queue.remove(lost)
        engine.enter(entries)
        if line.was_emptied:
            engine.queue.mark()

    def _take_back(self, session: Session) -> None:
        """Give expired leases back to the queue, once they were seen expired twice.

        After an outage of the database all leases are expired, and living workers need a moment to renew theirs.
        """
        work = self._work
        expired = session.execute(self._expired_ones).all()
        owners: dict[UUID, UUID] = {owner: row_id for row_id, owner in expired if owner}
        for owner in self._expired.again(owners, self._lease_seconds / 3):
            if session.scalars(
                work.give_back.of(work.owner == owner, work.until < func.now()).returning(work.table.id)
            ).all():
                LEASE_EXPIRIES.inc()
                log.warning("%s %s: its worker is gone; back in the queue", work.row, owners[owner])

    def _forget_lost_places(self, session: Session, line: Line) -> Sequence[Entry]:
        """Take the mark from rows whose place was lost: emptied by Redis, or popped by a worker that died."""
        work, table = self._work, self._work.table
        patience = timedelta() if line.was_emptied else self._patience
        waiting = (Entry(*row) for row in session.execute(self._waiting, {"patience": patience}))
        missing = [entry for entry in waiting if entry.job_id not in line.jobs]
        # One that was popped a moment ago is about to be claimed.
        lost = missing if line.was_emptied else self._lost.again(missing, self._lease_seconds / 6)
        for entry in lost:
            log.warning("%s %s: its place in the queue was lost; it enters again", work.row, entry.id)
        if lost:
            session.execute(work.leave.of(table.id.in_([entry.id for entry in lost])))
        return lost

    def _forget_sightings(self) -> None:
        # Where somebody else dispatches, what was seen before is old news by the next time.
        self._expired: Sightings[UUID] = Sightings()
        self._lost: Sightings[Entry] = Sightings()


class Sightings(Generic[T]):
    """Tells what was seen before, so that one look at a bad moment decides nothing."""

    def __init__(self) -> None:
        self._first: dict[T, float] = {}

    def again(self, seen: Iterable[T], seconds: float) -> list[T]:
        """Those of `seen` that were there at every look for at least `seconds`."""
        now = time.monotonic()
        self._first = {one: self._first.get(one, now) for one in seen}
        return [one for one, first in self._first.items() if first < now and now - first >= seconds]
