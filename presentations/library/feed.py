"""What has ended, and which outlines wait, in the order in which that came: for whoever asks again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, text, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from presentations.database import Database
from presentations.database.models import DELETED, Presentation
from presentations.errors import InvalidRequest, shown
from presentations.library.cursors import read_time_cursor, time_cursor
from presentations.library.queries import owned_by
from presentations.lifecycle import AWAITS_TEACHER

MOST = 100
# What is news, each with the time at which it came.
_ENDED = (Presentation.ended_at, (Presentation.status != DELETED,))
_WAITS = (Presentation.outlined_at, AWAITS_TEACHER)


@dataclass(frozen=True)
class News:
    """A part of what is news, oldest first. `next` is the cursor of the part after it; None when there is nothing."""

    presentations: Sequence[Presentation]
    next: str | None
    has_more: bool


def news_at(presentation: Presentation) -> datetime:
    """When it ended, or when its outline was proposed, which waits."""
    moment = presentation.ended_at or presentation.outlined_at
    if moment is None:
        raise ValueError(f"presentation {presentation.id} is no news")
    return moment


def news_after(
    database: Database,
    user_id: str | None,
    *,
    since: datetime | None = None,
    after: str | None = None,
    limit: int = MOST,
) -> News:
    """What became complete, error or cancelled, or has an outline that waits, at `since` or later, or after a cursor.

    Raises InvalidRequest or Unavailable.
    """
    position = None if after is None else read_time_cursor(after)
    with database.begin() as session:
        horizon = _horizon(session)
        found: list[Presentation] = []
        for moment, conditions in (_ENDED, _WAITS):
            query = _settled(user_id, moment, conditions, horizon)
            if since is not None:
                query = query.where(moment >= since)
            if position is not None:
                query = query.where(tuple_(moment, Presentation.id) > position)
            found += session.scalars(query.order_by(moment, Presentation.id).limit(limit + 1))
    ordered = _in_order(found)
    shown = ordered[:limit]
    following = time_cursor(*_place(shown[-1])) if shown else after
    return News(shown, following, len(ordered) > limit)


def finished_since(database: Database, user_id: str | None, since: datetime | str) -> Sequence[Presentation]:
    """A user's presentations (everybody's, for None) that ended after `since`, in the order in which they did.

    Complete, failed and cancelled ones; about the first 100 of them. The `ended_at` of the last one is the next
    `since`: asked for so, none is left out and none comes twice, but for one that was retried and ended again.
    Raises InvalidRequest or Unavailable.
    """
    return _since(database, user_id, since, _ENDED)


def news_since(database: Database, user_id: str | None, since: datetime | str) -> Sequence[Presentation]:
    """The same with those whose outline waits for its teacher and was proposed after `since`, each at its time.

    The `news_at()` of the last one is the next `since`. Raises InvalidRequest or Unavailable.
    """
    return _since(database, user_id, since, _ENDED, _WAITS)


_Kind = tuple[InstrumentedAttribute[datetime | None], tuple[ColumnElement[bool], ...]]


def _since(database: Database, user_id: str | None, since: datetime | str, *kinds: _Kind) -> Sequence[Presentation]:
    after = _moment(since)
    found: list[Presentation] = []
    with database.begin() as session:
        horizon = _horizon(session)
        for moment, conditions in kinds:
            query = _settled(user_id, moment, conditions, horizon).where(moment > after)
            found += session.scalars(query.order_by(moment).fetch(MOST, with_ties=True))
    ordered = _in_order(found)
    # Of one moment all or none: the next `since` is after it.
    return [one for one in ordered if news_at(one) <= news_at(ordered[:MOST][-1])]


def _in_order(found: Iterable[Presentation]) -> list[Presentation]:
    # One that was asked for again between two queries is in both.
    return sorted(set(found), key=_place)


def _place(presentation: Presentation) -> tuple[datetime, UUID]:
    return news_at(presentation), presentation.id


def _settled(
    user_id: str | None,
    moment: InstrumentedAttribute[datetime | None],
    conditions: tuple[ColumnElement[bool], ...],
    horizon: datetime,
) -> Select[Presentation]:
    """What came so long ago that nothing can appear before it any more."""
    return select(Presentation).where(*owned_by(user_id), *conditions, moment < horizon)


def _horizon(session: Session) -> datetime:
    horizon: datetime = session.scalars(HORIZON).one()
    return horizon


# The time of news is the start of the transaction that made it, so a row may appear after one whose time is later. What
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
