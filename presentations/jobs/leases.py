"""Leases: who may write a row that is being worked on."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from presentations.database import Database, Transition
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
    """A lease, the row as it was when it was claimed, and the time then on the database's clock."""

    lease: Lease
    row: Any
    now: datetime


class Leases:
    """All that one worker process holds of one kind of work. Every method may raise Unavailable."""

    def __init__(self, database: Database, work: Work, seconds: float) -> None:
        self._database = database
        self._work = work
        self._duration = timedelta(seconds=seconds)
        self._held: dict[UUID, Lease] = {}
        self._lock = threading.Lock()

    def claim(self, row_id: UUID) -> Claim | None:
        """Take a row that waits in its queue; None when somebody else was first, or it is not to be worked on now."""
        lease = Lease(row_id)
        claim = self._claim(lease)
        # Not before the commit: a renewal in between would take it for lost.
        if claim:
            with self._lock:
                self._held[lease.owner] = lease
        return claim

    def save(self, lease: Lease, **values: Any) -> Mapping[str, Any]:
        """Write to a row under its lease; gives what was written, as the row has it now. Raises LeaseLost."""
        with self._database.single() as session:
            return self.write(session, lease, **values)

    def write(self, session: Session, lease: Lease, **values: Any) -> Mapping[str, Any]:
        """The same within a transaction of the caller's. Raises LeaseLost."""
        table = self._work.table
        ours = Transition(table, (*self._work.give_back.when, self._work.owner == lease.owner), values)
        columns = [getattr(table, name) for name in values]
        written = session.execute(ours.of(table.id == lease.row_id).returning(*columns)).one_or_none()
        if written is None:
            lease.is_lost = True
            raise LeaseLost
        return dict(zip(values, written, strict=True))

    def drop(self, lease: Lease) -> None:
        """Stop renewing a lease."""
        with self._lock:
            self._held.pop(lease.owner, None)

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
        work, of = self._work, self._work.table.id == lease.row_id
        taken = {work.owner.key: lease.owner, work.until.key: func.now() + self._duration}
        claim = work.claim.of(of, **taken).returning(work.table, func.clock_timestamp())
        with self._database.single() as session:
            claimed = session.execute(claim).one_or_none()
        if claimed:
            return Claim(lease, *claimed)
        # Its entry is used up: whoever may be claimed later has to enter anew.
        with self._database.single() as session:
            session.execute(work.leave.of(of))
        return None

    def _owned(self, leases: Iterable[Lease]) -> tuple[ColumnElement[bool], ...]:
        return (*self._work.give_back.when, self._work.owner.in_([lease.owner for lease in leases]))
