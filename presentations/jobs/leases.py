"""Leases: who may write a presentation that is being made."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import PENDING, PROCESSING, Presentation
from presentations.jobs.admission import begun, paused


class LeaseLost(Exception):
    """The presentation was cancelled, or belongs to another claim: nothing more may be written to it."""


@dataclass
class Lease:
    """One claim on one presentation. `news` is set when its holder should look up: it was lost, or the worker stops."""

    presentation_id: UUID
    owner: UUID = field(default_factory=uuid4)
    news: threading.Event = field(default_factory=threading.Event)
    is_lost: bool = False
    is_in_one_long_call: bool = False


class Leases:
    """All that one worker process holds. Every method may raise Unavailable."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._duration = timedelta(seconds=seconds)
        self._held: dict[UUID, Lease] = {}
        self._lock = threading.Lock()

    def claim(self, presentation_id: UUID) -> tuple[Lease, Presentation, datetime] | None:
        """Take a presentation that waits in line; None when somebody else was first, the line is paused, or nobody
        wants it any more.

        Gives the lease, the row as it is now, and the time on the database's clock.
        """
        lease = Lease(presentation_id)
        row = self._claim(lease)
        if row is None:
            return None
        # Not before the commit: a renewal in between would take it for lost.
        with self._lock:
            self._held[lease.owner] = lease
        return lease, *row

    def save(self, lease: Lease, **values: Any) -> None:
        """Write to a presentation under its lease. Raises LeaseLost when that is no longer ours."""
        with self._database.begin() as session:
            self.write(session, lease, **values)

    def write(self, session: Session, lease: Lease, **values: Any) -> None:
        """The same within a transaction of the caller's. Raises LeaseLost."""
        ours = session.execute(
            update(Presentation)
            .where(Presentation.id == lease.presentation_id, *_owned([lease]))
            .values(**values)
            .returning(Presentation.id)
        ).one_or_none()
        if ours is None:
            lease.is_lost = True
            raise LeaseLost

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
        with self._database.begin() as session:
            renewed = session.scalars(
                update(Presentation)
                .where(*_owned(leases))
                .values(lease_until=func.now() + self._duration)
                .returning(Presentation.lease_owner)
            ).all()
        for lease in leases:
            if lease.owner not in renewed:
                lease.is_lost = True
                lease.news.set()

    def hand_back(self, leases: Iterable[Lease]) -> int:
        """Give presentations back to the line for another worker, with one UPDATE. Returns how many there were."""
        leases = list(leases)
        with self._database.begin() as session:
            # An orderly stop is no crash, so the claim does not count.
            back = session.scalars(
                update(Presentation)
                .where(*_owned(leases))
                .values(**WAITING_AGAIN, claims=func.greatest(Presentation.claims - 1, 0))
                .returning(Presentation.id)
            ).all()
        for lease in leases:
            self.drop(lease)
        return len(back)

    def _claim(self, lease: Lease) -> tuple[Presentation, datetime] | None:
        with self._database.begin() as session:
            row = session.scalar(
                update(Presentation)
                .where(
                    Presentation.id == lease.presentation_id,
                    Presentation.status == PENDING,
                    Presentation.queued_at.is_not(None),
                    or_(begun(), ~paused()),
                )
                .values(
                    status=PROCESSING,
                    lease_owner=lease.owner,
                    lease_until=func.now() + self._duration,
                    claims=Presentation.claims + 1,
                    queued_at=None,
                    started_at=func.coalesce(Presentation.started_at, func.now()),
                )
                .returning(Presentation)
            )
            if row is None:
                return None
            now = session.execute(select(func.clock_timestamp())).scalar_one()
            session.expunge(row)
            return row, now


WAITING_AGAIN: dict[str, Any] = {"status": PENDING, "lease_owner": None, "lease_until": None, "queued_at": None}


def _owned(leases: Iterable[Lease]) -> list[ColumnElement[bool]]:
    owners = [lease.owner for lease in leases]
    return [Presentation.status == PROCESSING, Presentation.lease_owner.in_(owners)]
