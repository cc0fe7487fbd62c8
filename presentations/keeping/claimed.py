"""A deck that a thread has claimed: its row and its presentation, and the only way to write what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from presentations.database.models import Deck, KeptFile, Presentation, Version
from presentations.files import Stored
from presentations.jobs import Claim, LeaseLost, WorkerContext
from presentations.keeping.work import DECKS, PAUSES

# Each of these is one object, so that the statement that has it is put together once (jobs/leases.py).
NOW = func.now()
SINCE_NOW = func.coalesce(Deck.gone_at, NOW)
_FAILING_SINCE = func.coalesce(Deck.failing_since, NOW)
# A claim counts as an attempt; a wish begins anew. So no attempts under a claim: somebody has wished meanwhile.
_WISHED = (Deck.attempts == 0, Deck.due_at)
_WHEN_WISHED = case(_WISHED)
_AFTER_PAUSES = tuple(case(_WISHED, else_=NOW + pause) for pause in PAUSES)
_LEFT = {"queued_at": None, "claimed_by": None, "claimed_until": None}


class Claimed:
    """One claim on one deck. `row` and `presentation` are as they last stood. Making it raises LeaseLost."""

    def __init__(self, context: WorkerContext, claim: Claim) -> None:
        self.context = context
        self.row: Deck = claim.row
        self._lease = claim.lease
        self._leases = context.engine(DECKS).leases
        self.read()

    @property
    def id(self) -> UUID:
        """The presentation's."""
        return self.row.id

    @property
    def is_last_attempt(self) -> bool:
        """Whether what cannot be had now is given up, unless its teacher wishes for it."""
        return self.row.attempts > len(PAUSES)

    def read(self) -> None:
        """Read anew what is kept: `presentation`, `version` (the one that is shown, if any), and `files` by kind.

        Raises LeaseLost where the presentation is gone.
        """
        with self.context.database.snapshot() as session:
            presentation = session.get(Presentation, self.id)
            if presentation is None:
                raise LeaseLost
            self.presentation, number = presentation, presentation.version
            self.version = session.get(Version, (self.id, number)) if number else None
            kept = session.scalars(select(KeptFile).filter_by(presentation_id=self.id, version=number))
            self.files = {file.kind: Stored(file.kind, file.size, file.sha256, file.origin) for file in kept}

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction under the lease. Raises LeaseLost."""
        with self.context.database.begin() as session:
            # Everybody locks the presentation first, and the deck's row after that.
            session.execute(select(Presentation.id).where(Presentation.id == self.id).with_for_update())
            self._leases.write(session, self._lease, claimed_by=self._lease.owner)
            yield session

    def save(self, **values: Any) -> None:
        """Write to the row. Raises LeaseLost."""
        for name, value in self._leases.save(self._lease, **values).items():
            setattr(self.row, name, value)

    def end(self) -> None:
        """All is there that can be had; whoever has wished for another look meanwhile gets it."""
        self._end(due_at=_WHEN_WISHED, attempts=0, failing_since=None, problem=None)

    def end_for_now(self, problem: str, *, may_pass: bool) -> None:
        """Something could not be had: it is looked at again after a pause that grows, for about a day."""
        if may_pass and not self.is_last_attempt:
            after: dict[str, Any] = {"due_at": _AFTER_PAUSES[self.row.attempts - 1]}
        else:
            after = {"due_at": _WHEN_WISHED, "attempts": 0}
        if not may_pass:
            after["looked_at"] = NOW
        self._end(**after, failing_since=_FAILING_SINCE, problem=problem)

    def _end(self, **values: Any) -> None:
        self.save(**values, **_LEFT)
        self.context.engine(DECKS).let_next_in(self.row.user_id)
