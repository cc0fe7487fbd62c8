"""Whose turn it is: who may enter the queue, so that one greedy teacher cannot starve the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database import Database, Lock, detached, lock
from presentations.database.models import PENDING, Control, Presentation
from presentations.errors import LimitReached
from presentations.jobs.estimates import outlook_for
from presentations.jobs.work import Entry, Work
from presentations.lifecycle import paused

# A teacher may stand in the queue twice, or once while another of theirs is being made: presentation_free_places().
MOST_OF_ONE = 2


class Asked(NamedTuple):
    """A presentation that was asked for: its row by column, as it was read."""

    row: Mapping[str, Any]
    is_new: bool

    @property
    def id(self) -> UUID:
        return cast(UUID, self.row["id"])

    @property
    def entry(self) -> Entry | None:
        """Its entry in the queue, if it is to be pushed there."""
        in_line = self.is_new and self.row["queued_at"] is not None
        return Entry(self.id, self.row["line_entry"]) if in_line else None

    @property
    def presentation(self) -> Presentation:
        """The presentation of this row: it belongs to no session."""
        return detached(Presentation, self.row)


def ask(database: Database, values: Mapping[str, Any], subject_name: str | None) -> Asked | None:
    """The new presentation of these columns, or the first with the same idempotency key; None where none may be.

    Its subject is made if it has none of that key. See presentation_ask() in schema.sql. Raises Unavailable.
    """
    new_id, asked = _new(values)
    return _asked(new_id, database.row(_ASK, asked, subject_name))


def ask_in(session: Session, values: Mapping[str, Any], subject_name: str | None) -> Asked | None:
    """ask(), within a transaction of the caller's: an entry may be pushed once that is committed."""
    new_id, asked = _new(values)
    row = session.connection().exec_driver_sql(_ASK, (asked, subject_name)).mappings().one_or_none()
    return _asked(new_id, None if row is None else dict(row))


def _new(values: Mapping[str, Any]) -> tuple[UUID, str]:
    """A new presentation's id, and all that is known of it, as presentation_ask() takes it."""
    # jsonb_populate_record() in PostgreSQL would pass over them.
    if strange := values.keys() - _COLUMNS:
        raise ValueError(f"presentation_jobs has no column {', '.join(sorted(strange))}")
    new_id = uuid4()
    return new_id, json.dumps({**values, "id": str(new_id)})


def _asked(new_id: UUID, row: Mapping[str, Any] | None) -> Asked | None:
    return None if row is None else Asked(row, row["id"] == new_id)


def check_room(session: Session, user_id: str) -> None:
    """Raises LimitReached when more of a teacher's presentations wait now than may."""
    lock(session, Lock.ADMIT_PRESENTATIONS, user_id)
    if not session.scalar(select(func.presentation_has_room(user_id, 0))):
        raise no_room(session, user_id)


def no_room(session: Session, user_id: str) -> LimitReached:
    """What a teacher is told of whom no more may wait."""
    most, is_paused = session.execute(select(Control.max_waiting, paused())).one()
    theirs = (Presentation.user_id == user_id, Presentation.status == PENDING, Presentation.queued_at.is_not(None))
    in_queue = session.scalars(select(Presentation).where(*theirs).order_by(Presentation.queued_at).limit(1)).all()
    outlook = outlook_for(session, in_queue)
    return LimitReached(most, outlook.seconds_to_start(in_queue[0]) if in_queue and not is_paused else None)


def admit(session: Session, user_id: str) -> list[Entry]:
    """Mark those of a teacher's waiting presentations that may enter the queue now, and give their entries.

    They are to be pushed once the transaction is committed: see Engine.enter(), and presentation_admit() in schema.sql.
    """
    return [Entry(*row) for row in session.execute(_ADMIT, {"user_id": user_id})]


def _admit(session: Session, user_id: str | None) -> list[Entry]:
    users = session.scalars(_USERS_WAITING).all() if user_id is None else [user_id]
    return [entry for user in users for entry in admit(session, user)]


_COLUMNS = Presentation.__table__.columns.keys()
# By name: a newer schema may have more of them.
_ASK = f"SELECT {', '.join(_COLUMNS)} FROM presentation_ask(CAST(%s AS jsonb), %s)"  # noqa: S608
_ADMIT = text("SELECT id, line_entry, is_begun FROM presentation_admit(:user_id)")

# Everybody with a presentation that is not in the queue yet, by whose has waited longest. Hops from user to user
# through the index: a teacher with thousands waiting costs one step.
_USERS_WAITING = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT user_id, asked_at FROM presentation_jobs
         WHERE status = 'pending' AND queued_at IS NULL AND awaits_teacher_since IS NULL
         ORDER BY user_id, asked_at LIMIT 1)
        UNION ALL
        SELECT following.user_id, following.asked_at FROM waiting, LATERAL (
            SELECT user_id, asked_at FROM presentation_jobs
            WHERE status = 'pending' AND queued_at IS NULL AND awaits_teacher_since IS NULL
              AND user_id > waiting.user_id
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
    others_wait=func.presentation_others_wait(Presentation.user_id),
    claim=lifecycle.CLAIM,
    leave=lifecycle.LEAVE,
    give_back=lifecycle.GIVE_BACK,
    hand_back=lifecycle.HAND_BACK,
    owner=Presentation.lease_owner,
    until=Presentation.lease_until,
)
