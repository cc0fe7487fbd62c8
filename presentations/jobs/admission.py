"""Whose turn it is: who may enter the queue, so that one greedy teacher cannot starve the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database import Lock, lock
from presentations.database.models import PENDING, PROCESSING, Control, Presentation
from presentations.errors import LimitReached
from presentations.jobs.estimates import outlook_for
from presentations.jobs.work import Entry, Work
from presentations.lifecycle import begun, paused, refused

# A teacher may stand in the queue twice, or once while another of theirs is being made.
MOST_OF_ONE = 2


def check_room(session: Session, user_id: str) -> None:
    """Raises LimitReached when more of a teacher's presentations wait now than may."""
    lock(session, Lock.ADMIT_PRESENTATIONS, user_id)
    theirs = (Presentation.user_id == user_id, Presentation.status == PENDING)
    most, is_paused = session.execute(select(Control.max_waiting, paused())).one()
    if (session.scalar(select(func.count()).where(*theirs)) or 0) <= most:
        return
    first = select(Presentation).where(*theirs, Presentation.queued_at.is_not(None)).order_by(Presentation.queued_at)
    in_queue = session.scalars(first.limit(1)).all()
    outlook = outlook_for(session, in_queue)
    seconds = outlook.seconds_to_start(in_queue[0]) if in_queue and not is_paused else None
    raise LimitReached(most, seconds)


def admit(session: Session, user_id: str) -> list[Entry]:
    """Mark those of a teacher's waiting presentations that may enter the queue now, and give their entries.

    They are to be pushed once the transaction is committed: see Engine.enter().
    """
    # Two of one teacher at once would both count the same free place.
    lock(session, Lock.ADMIT_PRESENTATIONS, user_id)
    waiting = (Presentation.user_id == user_id, *lifecycle.ENTER.when)
    free = 0 if session.scalar(select(paused())) else max(0, MOST_OF_ONE - _places_taken(session, user_id))
    chosen = [
        *session.scalars(
            select(Presentation.id).where(*waiting, begun(), ~refused()).with_for_update(skip_locked=True)
        ),
        *session.scalars(
            select(Presentation.id)
            .where(*waiting, ~begun())
            .order_by(Presentation.asked_at, Presentation.id)
            .limit(free)
            .with_for_update(skip_locked=True)
        ),
    ]
    entered = lifecycle.ENTER.of(Presentation.id.in_(chosen), Presentation.user_id == user_id)
    rows = session.execute(
        entered.returning(Presentation.id, Presentation.line_entry, begun(), Presentation.asked_at)
    ).all()
    return [Entry(*row[:3]) for row in sorted(rows, key=_asked_at)]


def _admit(session: Session, user_id: str | None) -> list[Entry]:
    users = session.scalars(_USERS_WAITING).all() if user_id is None else [user_id]
    return [entry for user in users for entry in admit(session, user)]


def _asked_at(row: Sequence[object]) -> datetime:
    asked_at = row[3]
    assert isinstance(asked_at, datetime)  # noqa: S101 (the column is NOT NULL)
    return asked_at


def _places_taken(session: Session, user_id: str) -> int:
    in_queue = select(func.count()).where(
        Presentation.user_id == user_id, Presentation.queued_at.is_not(None), ~begun()
    )
    being_made = exists().where(Presentation.user_id == user_id, Presentation.status == PROCESSING)
    count, busy = session.execute(select(in_queue.scalar_subquery(), being_made)).one()
    return int(count) + int(busy)


# Everybody with a presentation that is not in the queue yet, by whose has waited longest. Hops from user to user
# through the index: a teacher with thousands waiting costs one step.
_USERS_WAITING = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT user_id, asked_at FROM presentation_jobs
         WHERE status = 'pending' AND queued_at IS NULL ORDER BY user_id, asked_at LIMIT 1)
        UNION ALL
        SELECT following.user_id, following.asked_at FROM waiting, LATERAL (
            SELECT user_id, asked_at FROM presentation_jobs
            WHERE status = 'pending' AND queued_at IS NULL AND user_id > waiting.user_id
            ORDER BY user_id, asked_at LIMIT 1) AS following
    )
    SELECT user_id FROM waiting ORDER BY asked_at
    """
)

PRESENTATIONS = Work(
    row="presentation",
    queue="presentations",
    job="presentations.generation.make_presentation",
    about="Make a presentation",
    failure="The presentation was not made; its row, or the worker's log, says why.",
    dispatching=Lock.DISPATCH_PRESENTATIONS,
    admit=_admit,
    claim=lifecycle.CLAIM,
    leave=lifecycle.LEAVE,
    give_back=lifecycle.GIVE_BACK,
    hand_back=lifecycle.HAND_BACK,
    owner=Presentation.lease_owner,
    until=Presentation.lease_until,
)
