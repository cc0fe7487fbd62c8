"""Leases: who may write a row that is being worked on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, func, inspect
from sqlalchemy.orm import Session

from presentations.database import Database, Transition, detached
from presentations.jobs.work import Work


class LeaseLost(Exception):
    """The row was cancelled, or belongs to another claim: nothing more may be written to it."""


@dataclass
class Lease:
    """One claim on one row. `news` is set when its holder should look up: it was lost, or the worker stops."""

    row_id: UUID
    owner: UUID = field(default_factory=uuid4)
    news: threading.Event = field(default_factory=threading.Event)
    is_lost: bool = False
    is_in_one_long_call: bool = False


class Claim(NamedTuple):
    """A lease, the row as it was when it was claimed, the time then on the database's clock, and Work.others_wait."""

    lease: Lease
    row: Any
    now: datetime
    others_wait: bool


class Leases:
    """All that one worker process holds of one kind of work. Every method may raise Unavailable."""

    def __init__(self, database: Database, work: Work, seconds: float) -> None:
        self._database = database
        self._work = work
        self._duration = timedelta(seconds=seconds)
        self._held: dict[UUID, Lease] = {}
        self._lock = threading.Lock()
        self.moved_at = -math.inf
        """When one was last claimed or left here, by time.monotonic()."""

    def claim(self, row_id: UUID) -> Claim | None:
        """Take a row that waits in its queue; None when somebody else was first, or it is not to be worked on now."""
        lease = Lease(row_id)
        claim = self._claim(lease)
        # Not before the commit: a renewal in between would take it for lost.
        if claim:
            with self._lock:
                self._held[lease.owner] = lease
            self.moved_at = time.monotonic()
        return claim

    def save(self, lease: Lease, **values: Any) -> Mapping[str, Any]:
        """Write to a row under its lease; gives what was written, as the row has it now. Raises LeaseLost."""
        with self._database.bare() as connection:
            written = self._write(connection, lease, values)
        return dict(zip(values, written, strict=True))

    def end(self, lease: Lease, **values: Any) -> tuple[Mapping[str, Any], bool]:
        """The same, of what ends it; gives Work.others_wait besides. Raises LeaseLost."""
        with self._database.bare() as connection:
            written = self._write(connection, lease, values, self._work.others_wait)
        return dict(zip(values, written, strict=False)), written[-1]

    def write(self, session: Session, lease: Lease, **values: Any) -> Mapping[str, Any]:
        """save(), within a transaction of the caller's. Raises LeaseLost."""
        # Past the session, which would make a new statement of it each time, to be put together anew.
        return dict(zip(values, self._write(session.connection(), lease, values), strict=True))

    def drop(self, lease: Lease) -> None:
        """Stop renewing a lease."""
        with self._lock:
            self._held.pop(lease.owner, None)
        self.moved_at = time.monotonic()

    def held(self) -> list[Lease]:
        """All leases that this process holds."""
        with self._lock:
            return list(self._held.values())

    def renew(self) -> None:
        """Renew all leases with one UPDATE; holders of those that are lost are told."""
        leases = self.held()
        if not leases:
            return
        until = {self._work.until.key: func.now() + self._duration}
        renewal = Transition(self._work.table, self._owned(leases), until).of()
        with self._database.single() as session:
            renewed = session.scalars(renewal.returning(self._work.owner)).all()
        for lease in leases:
            if lease.owner not in renewed:
                lease.is_lost = True
                lease.news.set()

    def hand_back(self, leases: Iterable[Lease]) -> int:
        """Give rows back to the queue for another worker, with one UPDATE. Returns how many there were."""
        leases = list(leases)
        back = self._work.hand_back.of(*self._owned(leases))
        with self._database.single() as session:
            ids = session.scalars(back.returning(self._work.table.id)).all()
        for lease in leases:
            self.drop(lease)
        return len(ids)

    def _claim(self, lease: Lease) -> Claim | None:
        claiming = _claiming(self._work, self._duration)
        with self._database.bare() as connection:
            claimed = connection.execute(claiming, {"row": lease.row_id, "holder": lease.owner}).one_or_none()
        if claimed:
            *row, now, others_wait = claimed
            columns = zip(inspect(self._work.table).column_attrs.keys(), row, strict=True)
            return Claim(lease, detached(self._work.table, dict(columns)), now, others_wait)
        # Its entry is used up: whoever may be claimed later has to enter anew.
        with self._database.single() as session:
            session.execute(self._work.leave.of(self._work.table.id == lease.row_id))
        return None

    def _write(
        self, connection: Connection, lease: Lease, values: Mapping[str, Any], *also: ColumnElement[Any]
    ) -> Row[Any]:
        expressions = {name: value for name, value in values.items() if isinstance(value, ColumnElement)}
        writing = _writing(self._work, tuple(values), tuple(expressions.items()), also)
        parameters = {f"new_{name}": value for name, value in values.items() if name not in expressions}
        written = connection.execute(writing, parameters | {"row": lease.row_id, "holder": lease.owner}).one_or_none()
        if written is None:
            lease.is_lost = True
            raise LeaseLost
        return written

    def _owned(self, leases: Iterable[Lease]) -> tuple[ColumnElement[bool], ...]:
        return (*self._work.give_back.when, self._work.owner.in_([lease.owner for lease in leases]))


# To put a statement together takes SQLAlchemy as long as to run it: each is made once, with parameters.


@lru_cache(maxsize=10)
def _claiming(work: Work, duration: timedelta) -> Update:
    taken = {work.owner.key: bindparam("holder"), work.until.key: func.now() + duration}
    claim = work.claim.of(work.table.id == bindparam("row"), **taken)
    # All columns: whoever makes a presentation needs its text and its outline, which others are spared.
    columns = [column.class_attribute for column in inspect(work.table).column_attrs]
    return claim.returning(*columns, func.clock_timestamp(), work.others_wait)


@lru_cache(maxsize=100)
def _writing(
    work: Work,
    names: tuple[str, ...],
    expressions: tuple[tuple[str, ColumnElement[Any]], ...],
    also: tuple[ColumnElement[Any], ...],
) -> Update:
    """Set these columns under a lease, to an expression or a parameter each; gives what they are then, and `also`."""
    values: dict[str, ColumnElement[Any]] = {name: bindparam(f"new_{name}") for name in names}
    values |= dict(expressions)
    ours = Transition(work.table, (*work.give_back.when, work.owner == bindparam("holder")), values)
    columns = [getattr(work.table, name) for name in names]
    return ours.of(work.table.id == bindparam("row")).returning(*columns, *also)
