"""What has ended, in the order in which it did: for whoever asks again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, select, text, tuple_
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import DELETED, Presentation
from presentations.errors import InvalidRequest, shown
from presentations.library.cursors import read_time_cursor, time_cursor
from presentations.library.queries import owned_by

MOST = 100


@dataclass(frozen=True)
class Ended:
    """A part of what has ended, oldest first. `next` is the cursor of the part after it; None when there is nothing."""

    presentations: Sequence[Presentation]
    next: str | None
    has_more: bool


def ended(
    database: Database,
    user_id: str | None,
    *,
    since: datetime | None = None,
    after: str | None = None,
    limit: int = MOST,
) -> Ended:
    """What became complete, error or cancelled at `since` or later, or after a cursor.

    Raises InvalidRequest or Unavailable.
    """
    position = None if after is None else read_time_cursor(after)
    with database.begin() as session:
        query = _settled(session, user_id)
        if since is not None:
            query = query.where(Presentation.ended_at >= since)
        if position is not None:
            query = query.where(tuple_(Presentation.ended_at, Presentation.id) > position)
        found = session.scalars(query.order_by(Presentation.ended_at, Presentation.id).limit(limit + 1)).all()
    shown = found[:limit]
    following = time_cursor(shown[-1].ended_at, shown[-1].id) if shown and shown[-1].ended_at else after
    return Ended(shown, following, len(found) > limit)


def finished_since(database: Database, user_id: str | None, since: datetime | str) -> Sequence[Presentation]:
    """A user's presentations (everybody's, for None) that ended after `since`, in the order in which they did.

    Complete, failed and cancelled ones; about the first 100 of them. The `ended_at` of the last one is the next
    `since`: asked for so, none is left out and none comes twice, but for one that was retried and ended again.
    Raises InvalidRequest or Unavailable.
    """
    after = _moment(since)
    with database.begin() as session:
        query = _settled(session, user_id).where(Presentation.ended_at > after)
        return session.scalars(query.order_by(Presentation.ended_at).fetch(MOST, with_ties=True)).all()


def _settled(session: Session, user_id: str | None) -> Select[Presentation]:
    """What has ended so long ago that nothing can appear before it any more."""
    horizon = session.scalar(HORIZON)
    return select(Presentation).where(
        *owned_by(user_id), Presentation.status != DELETED, Presentation.ended_at < horizon
    )


# A row's ended_at is the start of the transaction that ended it, so a row may appear after one that ended later. What
# is given out therefore stops short of everything that is still under way; a process that hangs delays it by a minute.
# It has to be a statement of its own, before the other one sees its rows.
HORIZON = text("""
    SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'lectern' AND pid <> pg_backend_pid()
      AND xact_start > now() - interval '1 minute'
""")


def _moment(since: datetime | str) -> datetime:
    expected = f"expected a time with an offset, such as 2026-11-23T10:00:00+00:00, got {shown(since)}"
    try:
        moment = since if isinstance(since, datetime) else datetime.fromisoformat(since)
    except (ValueError, TypeError):
        raise InvalidRequest("since", expected) from None
    if moment.tzinfo is None:
        raise InvalidRequest("since", expected)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidRequest("since", expected) from None
