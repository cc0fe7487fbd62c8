"""What has ended, in the order in which it did: for whoever asks again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from presentations.db import Database
from presentations.models import DELETED, Presentation
from presentations.queries import owned_by


@dataclass(frozen=True)
class Place:
    """A place in the order of ends."""

    time: datetime
    last_id: UUID


@dataclass(frozen=True)
class Ended:
    """A part of what has ended, oldest first. `last` is where the next part begins; None when there is nothing."""

    presentations: Sequence[Presentation]
    last: Place | None
    has_more: bool


def ended(
    database: Database,
    user_id: str | None,
    *,
    since: datetime | None = None,
    after: Place | None = None,
    limit: int = 100,
) -> Ended:
    """What became complete, error or cancelled at `since` or later, or after a place. Raises Unavailable."""
    query = select(Presentation).where(*owned_by(user_id), Presentation.status != DELETED)
    if since is not None:
        query = query.where(Presentation.ended_at >= since)
    if after is not None:
        query = query.where(tuple_(Presentation.ended_at, Presentation.id) > (after.time, after.last_id))
    with database.begin() as session:
        query = query.where(Presentation.ended_at < _horizon(session))
        query = query.order_by(Presentation.ended_at, Presentation.id).limit(limit + 1)
        found = session.scalars(query).all()
    shown = found[:limit]
    last = Place(shown[-1].ended_at, shown[-1].id) if shown and shown[-1].ended_at else after
    return Ended(shown, last, len(found) > limit)


def _horizon(session: Session) -> datetime:
    """Before this, nothing can appear any more: ends are dated by the start of their transactions.

    Asked in a statement of its own, before the list. A transaction of ours never lasts longer than ten seconds.
    """
    oldest: datetime = session.execute(_OLDEST_TRANSACTION).scalar_one()
    return oldest


_OLDEST_TRANSACTION = text("""
    SELECT greatest(min(xact_start), now() - interval '10 seconds') FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL
""")
