"""What has ended since a moment, so that whoever asked can be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, text

from presentations.db import Database
from presentations.errors import InvalidRequest
from presentations.models import DELETED, Presentation
from presentations.queries import owned_by

MOST = 100

# A row's ended_at is the start of the transaction that ended it, so a row may appear after one that ended later. What
# is given out therefore stops short of everything that is still under way; a process that hangs delays it by a minute.
# It has to be a statement of its own, before the other one sees its rows.
SETTLED = text("""
    SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'lectern' AND pid <> pg_backend_pid()
      AND xact_start > now() - interval '1 minute'
""")


def finished_since(database: Database, user_id: str | None, since: datetime | str) -> Sequence[Presentation]:
    """A user's presentations (everybody's, for None) that ended after `since`, in the order in which they did.

    Complete, failed and cancelled ones; about the first 100 of them. The `ended_at` of the last one is the next
    `since`: asked for so, none is left out and none comes twice, but for one that was retried and ended again.
    Raises InvalidRequest or Unavailable.
    """
    after = _moment(since)
    with database.begin() as session:
        settled = session.scalar(SETTLED)
        query = (
            select(Presentation)
            .where(*owned_by(user_id), Presentation.status != DELETED)
            .where(Presentation.ended_at > after, Presentation.ended_at < settled)
            .order_by(Presentation.ended_at)
            .fetch(MOST, with_ties=True)
        )
        if user_id is not None:
            # Nothing new follows from it, but there is an index for it.
            query = query.where(Presentation.changed_at > after)
        return session.scalars(query).all()


def _moment(since: datetime | str) -> datetime:
    expected = "expected a time with an offset, such as 2026-11-23T10:00:00+00:00"
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
