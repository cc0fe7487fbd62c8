"""The queue engine: one kind of work, with its rows, its queue, and what this process holds of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.errors import Unavailable
from presentations.jobs.leases import Leases
from presentations.jobs.queue import JobQueue
from presentations.jobs.work import Entry, Work

log = logging.getLogger(__name__)


class Engine:
    """How rows of one kind of work enter and leave their queue."""

    def __init__(self, work: Work, database: Database, redis: Redis, lease_seconds: float = 9.0) -> None:
        self.work = work
        self.database = database
        self.queue = JobQueue(redis, work)
        self.leases = Leases(database, work, lease_seconds)

    def enter(self, entries: Sequence[Entry]) -> None:
        """Put admitted rows in the queue once their transaction is committed.

        When Redis cannot be reached they lose their mark, and the dispatcher admits them again later: nothing is
        raised.
        """
        if not entries:
            return
        # A push to the front goes before those already there, so the last one first.
        in_order = [e for e in entries if not e.at_front] + [e for e in reversed(entries) if e.at_front]
        try:
            self.queue.remove(Entry(entry.id, entry.n - 1) for entry in entries if entry.n > 1)
            self.queue.push(in_order)
        except RedisError:
            log.warning("Redis cannot be reached: %d enter queue %s later", len(entries), self.work.queue)
            self._step_back(entries)

    def take_out(self, session: Session, *which: ColumnElement[bool]) -> list[Entry]:
        """Take the mark from rows in the queue, and give their entries: for leave(), once that is committed."""
        table = self.work.table
        out = self.work.leave.of(*which).returning(table.id, table.line_entry)
        return [Entry(*row) for row in session.execute(out)]

    def leave(self, entries: Iterable[Entry]) -> None:
        """Take rows out of the queue whose mark is gone already, if Redis answers."""
        try:
            self.queue.remove(entries)
        except RedisError:
            log.warning("Redis cannot be reached: what left queue %s will be passed over", self.work.queue)

    def let_next_in(self, user_id: str) -> None:
        """Have those of a user's rows enter whose turn it is now. Raises Unavailable."""
        with self.database.single() as session:
            entries = self.work.admit(session, user_id)
        self.enter(entries)

    def _step_back(self, entries: Iterable[Entry]) -> None:
        table = self.work.table
        # Without this the dispatcher finds them as well, only later.
        with suppress(Unavailable), self.database.begin() as session:
            for entry in entries:
                session.execute(self.work.leave.of(table.id == entry.id, table.line_entry == entry.n))
