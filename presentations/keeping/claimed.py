"""A deck that a thread has claimed: its row and its presentation, and the only way to write what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from presentations.database.models import Deck, KeptFile, Presentation, Version
from presentations.jobs import Claim, WorkerContext
from presentations.keeping.work import DECKS, PAUSES


class Claimed:
    """One claim on one deck. `row` and `presentation` are as they last stood."""

    def __init__(self, context: WorkerContext, claim: Claim) -> None:
        self.context = context
        self.row: Deck = claim.row
        self._now = claim.now
        self._lease = claim.lease
        self._leases = context.engine(DECKS).leases
        self.read()

    @property
    def id(self) -> UUID:
        """The presentation's."""
        return self.row.id

    def read(self) -> None:
        """Read anew what is kept: `presentation`, `version` (the one that is shown, if any), and `files` by kind."""
        with self.context.database.snapshot() as session:
            self.presentation = session.get_one(Presentation, self.id)
            number = self.presentation.version
            self.version = session.get(Version, (self.id, number)) if number else None
            kept = session.scalars(select(KeptFile).filter_by(presentation_id=self.id, version=number))
            self.files = {file.kind: file for file in kept}

    @contextmanager
    def writing(self, **values: Any) -> Iterator[Session]:
        """A transaction under the lease, which writes `values` to the row. Raises LeaseLost."""
        with self.context.database.begin() as session:
            written = self._leases.write(session, self._lease, **values or {"claimed_by": self._lease.owner})
            yield session
        for name, value in written.items():
            setattr(self.row, name, value)

    def end(self) -> None:
        """All is there that can be had; whoever has wanted another look meanwhile gets it."""
        again = case((Deck.due_at > self._now, Deck.due_at))
        self._end(due_at=again, attempts=0, failing_since=None, problem=None)

    def end_for_now(self, problem: str, *, may_pass: bool) -> None:
        """Something could not be had: it is looked at again after a pause that grows, for about a day."""
        is_last = not may_pass or self.row.attempts > len(PAUSES)
        due = {"due_at": None, "attempts": 0} if is_last else {"due_at": func.now() + PAUSES[self.row.attempts - 1]}
        self._end(**due, failing_since=func.coalesce(Deck.failing_since, func.now()), problem=problem)

    def _end(self, **values: Any) -> None:
        with self.writing(**values, claimed_by=None, claimed_until=None):
            pass
        self.context.engine(DECKS).let_next_in(self.row.user_id)
