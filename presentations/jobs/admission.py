"""Whose turn it is: who may enter the line, so that one greedy teacher cannot starve the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import PENDING, PROCESSING, Control, Presentation
from presentations.errors import LimitReached, Unavailable
from presentations.jobs.estimates import outlook_for
from presentations.jobs.queue import Entry, Line

# A teacher may stand in line twice, or once while another of theirs is being made.
PLACES = 2
_LOCK = 723601


def begun() -> ColumnElement[bool]:
    """Presenton may be at work on it already: it takes up no new capacity, so it need not wait its turn."""
    return or_(Presentation.presenton_task_id.is_not(None), Presentation.unanswered_since.is_not(None))


def paused() -> ColumnElement[bool]:
    """An admin has paused the line: nothing new is begun."""
    return exists().where(Control.paused_at.is_not(None))


def check_room(session: Session, user_id: str) -> None:
    """Raises LimitReached when more of a teacher's presentations wait now than may."""
    _lock(session, user_id)
    theirs = (Presentation.user_id == user_id, Presentation.status == PENDING)
    most, is_paused = session.execute(select(Control.max_waiting, Control.paused_at.is_not(None))).one()
    if (session.scalar(select(func.count()).where(*theirs)) or 0) <= most:
        return
    first = select(Presentation).where(*theirs, Presentation.queued_at.is_not(None)).order_by(Presentation.queued_at)
    in_line = session.scalars(first.limit(1)).all()
    outlook = outlook_for(session, in_line)
    seconds = outlook.seconds_to_start(in_line[0]) if in_line and not is_paused else None
    raise LimitReached(most, seconds)


def admit(session: Session, user_id: str) -> list[Entry]:
    """Mark those of a teacher's waiting presentations that may enter the line now, and give their entries.

    They are to be pushed once the transaction is committed: see enter().
    """
    _lock(session, user_id)
    waiting = and_(Presentation.user_id == user_id, Presentation.status == PENDING, Presentation.queued_at.is_(None))
    room = 0 if session.scalar(select(paused())) else max(0, PLACES - _places_taken(session, user_id))
    chosen = [
        *session.scalars(select(Presentation.id).where(waiting, begun()).with_for_update(skip_locked=True)),
        *session.scalars(
            select(Presentation.id)
            .where(waiting, ~begun())
            .order_by(Presentation.asked_at, Presentation.id)
            .limit(room)
            .with_for_update(skip_locked=True)
        ),
    ]
    rows = session.execute(
        update(Presentation)
        .where(Presentation.id.in_(chosen), waiting)
        .values(queued_at=func.now(), line_entry=Presentation.line_entry + 1)
        .returning(Presentation.id, Presentation.line_entry, begun(), Presentation.asked_at)
        .execution_options(synchronize_session=False)
    ).all()
    return [Entry(*row[:3]) for row in sorted(rows, key=_asked_at)]


def _lock(session: Session, user_id: str) -> None:
    """Two of one teacher at once would both count the same free place."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(user_id))))


def _asked_at(row: Sequence[object]) -> datetime:
    asked_at = row[3]
    assert isinstance(asked_at, datetime)  # noqa: S101 (the column is NOT NULL)
    return asked_at


def _places_taken(session: Session, user_id: str) -> int:
    in_line = select(func.count()).where(Presentation.user_id == user_id, Presentation.queued_at.is_not(None), ~begun())
    being_made = exists().where(Presentation.user_id == user_id, Presentation.status == PROCESSING)
    count, busy = session.execute(select(in_line.scalar_subquery(), being_made)).one()
    return int(count) + int(busy)


def enter(database: Database, line: Line, entries: Sequence[Entry]) -> bool:
    """Put admitted presentations in line, those with a deck begun at its front. True when that worked.

    When Redis cannot be reached they lose their mark, and the dispatcher admits them again later: nothing is raised.
    """
    # A push to the front goes before those already there, so the last one first.
    in_order = [e for e in entries if not e.at_front] + [e for e in reversed(entries) if e.at_front]
    for done, entry in enumerate(in_order):
        try:
            if entry.n > 1:
                line.remove([Entry(entry.id, entry.n - 1)])
            line.push(entry)
        except RedisError:
            _step_back(database, in_order[done:])
            return False
    return True


def _step_back(database: Database, entries: Iterable[Entry]) -> None:
    # Without this the dispatcher finds them as well, only later.
    with suppress(Unavailable), database.begin() as session:
        for entry in entries:
            session.execute(
                update(Presentation)
                .where(Presentation.id == entry.id, Presentation.line_entry == entry.n, Presentation.status == PENDING)
                .values(queued_at=None)
            )
