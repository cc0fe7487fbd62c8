"""Kinds of work: what one queue is for, and the rows that stand in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from presentations.database import Lock, Transition

# As RQ has them, one for each Entry.
JOB_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}_[0-9]{1,10}"


class Entry(NamedTuple):
    """The place of a row in its queue.

    `n` grows each time it enters, so that no entry meets its own leftovers.
    """

    id: UUID
    n: int
    at_front: bool = False

    @property
    def job_id(self) -> str:
        """The RQ job's id."""
        return f"{self.id}_{self.n}"


@dataclass(frozen=True, eq=False)
class Work:
    """A kind of work: rows of one table that wait, enter a queue, are claimed under a lease, and end.

    The table has the columns id, queued_at and line_entry besides the two of the lease. `row` names one of its rows in
    the log. `about` and `failure` are kept in Redis, so they hold nothing that anybody typed. `job` is known to workers
    of other releases, so it stays. `admit` marks those whose turn it is, of one user (in a single message) or of all,
    and gives their entries, which are to be pushed once that is committed. `others_wait` is asked with the claim or the
    end of a row: whether there may be any of the same user to admit.
    """

    row: str
    queue: str
    job: str
    about: str
    failure: str
    dispatching: Lock
    admit: Callable[[Session, str | None], list[Entry]]
    others_wait: ColumnElement[bool]
    claim: Transition
    leave: Transition
    give_back: Transition
    hand_back: Transition
    owner: InstrumentedAttribute[UUID | None]
    until: InstrumentedAttribute[Any]

    @property
    def table(self) -> Any:
        """The mapped class of its rows."""
        return self.claim.table
