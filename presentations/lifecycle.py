"""The life of a presentation: each change of its status, its place in the queue, and who works on it.

    ask ──► enter ──► claim ──► submitting ... progressed ──► completed | failed
             ▲ │        │                                        │
             │ ▼        ▼ (its worker stops or is gone)          ▼
             leave   give back                          retry, edit: from here once more

    with an outline first:

    ask ──► enter ──► claim ──► outlined ──► accept ──► enter ... as above
                                   │
                                   ▼ (nobody answers)
                               put aside

    cancel: as long as it is not over; delete, and restore: at any time

The steps stand here in this order: from which state each leads, what it sets, and what follows. Those that a worker
makes hold only under its lease (jobs.Leases). What follows in the database itself, the story in presentation_events
and whom to tell, is done by the triggers beside the table in schema.sql. Whenever a place in the queue becomes free,
whoever freed it has the same teacher's next one enter (jobs.admit). Asking and entering are decided where nobody can
come in between, by presentation_ask() and presentation_admit() in schema.sql.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_

from presentations.database import Transition
from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    DELETED,
    ERROR,
    PENDING,
    PROCESSING,
    Control,
    Presentation,
)

if TYPE_CHECKING:  # whoever only asks for presentations need not wait for an HTTP client
    from presentations.presenton import Cause, Deck, Task

P = Presentation

OVER = (COMPLETE, ERROR, CANCELLED)


def begun() -> ColumnElement[bool]:
    """Presenton may be at work on it already: it takes up no new capacity, so it need not wait its turn."""
    return or_(P.presenton_task_id.is_not(None), P.unanswered_since.is_not(None))


def paused() -> ColumnElement[bool]:
    """An admin has paused the queue, or Presenton lets nobody in: nothing new is begun."""
    return refused() | exists().where(Control.paused_at.is_not(None))


def refused() -> ColumnElement[bool]:
    """Presenton lets nobody in: nothing is begun, nor looked at."""
    return exists().where(Control.refused_at.is_not(None))


WAITS = (P.status == PENDING, P.awaits_teacher_since.is_(None))
"""Of one that waits for a worker, and not for its teacher."""

AWAITS_TEACHER = (P.status == PENDING, P.awaits_teacher_since.is_not(None))
"""Of one that waits for its teacher's word on its outline."""

# Its place was lost, could not be had, or the queue is paused. It enters again when the dispatcher next looks.
LEAVE = Transition(P, (P.status == PENDING, P.queued_at.is_not(None)), {"queued_at": None})

# A worker has it. The lease's owner and its end are set besides, by jobs.Leases.
CLAIM = Transition(
    P,
    (P.status == PENDING, P.queued_at.is_not(None), or_(and_(begun(), ~refused()), ~paused())),
    {
        "status": PROCESSING,
        "claims": P.claims + 1,
        "queued_at": None,
        "started_at": func.coalesce(P.started_at, func.now()),
    },
)

# Its worker is gone. Presenton's task id stays, for the next worker to go on with.
GIVE_BACK = Transition(
    P, (P.status == PROCESSING,), {"status": PENDING, "lease_owner": None, "lease_until": None, "queued_at": None}
)

# Its worker stops in good order, which is no crash: the claim does not count.
HAND_BACK = Transition(P, GIVE_BACK.when, {**GIVE_BACK.sets, "claims": func.greatest(P.claims - 1, 0)})


def not_let_in(message: str) -> dict[str, Any]:
    """Presenton lets nobody in: it goes back to those that wait. Whatever is seen next of its task is progress."""
    return {**HAND_BACK.sets, "fault_since": None, "progress_mark": None, "message": message}


def submitting(row: Presentation, now: datetime, mark: str, message: str | None = None) -> dict[str, Any]:
    """To be committed before Presenton is asked: should the answer never come, its deck is looked for by this mark."""
    times = {"submit_started_at": now, "progress_at": now, "unanswered_since": now, "presenton_down_at": None}
    return {"attempts": row.attempts + 1, "deck_mark": mark, **times, "message": message or row.message}


def not_taken(row: Presentation) -> dict[str, Any]:
    """Presenton did not take what it was asked: the attempt does not count."""
    return {"attempts": row.attempts - 1, "unanswered_since": None}


def taken(task: Task) -> dict[str, Any]:
    """Presenton has a task for it, which is followed from now on; claims that led so far were not in vain."""
    return {
        "presenton_task_id": task.id,
        "unanswered_since": None,
        "fault_since": None,
        "claims": 0,
        **_as_it_stands(task),
    }


def progressed(task: Task, row: Presentation, now: datetime) -> dict[str, Any]:
    """Something has changed in its task; what is seen first since Presenton was down may have changed before that."""
    down_at = row.presenton_down_at
    is_first = down_at and row.progress_at and row.progress_at <= down_at
    return {**_as_it_stands(task), "progress_at": now, "claims": 0, "presenton_down_at": down_at if is_first else None}


def made(deck_id: str) -> dict[str, Any]:
    """Its deck is made, and is known; its file is not, and is to be had by an export."""
    return {"presenton_id": deck_id, "presenton_task_id": None, "unanswered_since": None, "claims": 0}


def answer_lost(message: str) -> dict[str, Any]:
    """Presenton may have taken it, but did not say so: the deck is looked for."""
    return {"fault_since": None, "message": message}


# No deck came of a lost answer: Presenton is asked again.
NEVER_MADE: dict[str, Any] = {"unanswered_since": None}


def attempt_failed(reason: str, message: str) -> dict[str, Any]:
    """Presenton could not make it this time: it is asked again."""
    return {**_NOTHING_TO_GO_ON_WITH, "slides_done": None, "error_detail": reason, "message": message}


def task_forgotten(reason: str, message: str) -> dict[str, Any]:
    """Presenton lost its task: it is asked again."""
    return {
        "presenton_task_id": None,
        "presenton_id": None,
        "progress_mark": None,
        "error_detail": reason,
        "message": message,
    }


def fault_began(now: datetime, message: str) -> dict[str, Any]:
    """Presenton gives no usable answer."""
    return {"fault_since": now, "message": message}


def seen_down(now: datetime) -> dict[str, Any]:
    """Nobody listens where Presenton was: if it was killed, it has forgotten the task, which then stands still."""
    return {"presenton_down_at": now}


# Presenton answers again. The clock for standing still goes on: many short outages must not make it wait for ever.
FAULT_OVER: dict[str, Any] = {"fault_since": None, "message": None}


def _as_it_stands(task: Task) -> dict[str, Any]:
    return {
        # Some name it once, and leave it out later.
        **({"presenton_id": task.deck_id} if task.deck_id else {}),
        "message": task.message,
        "slides_done": task.slides_done,
        "slides_total": task.slides_total,
        "progress_mark": task.mark,
    }


_NO_LONGER_MADE: dict[str, Any] = {
    "ended_at": func.now(),
    "lease_owner": None,
    "lease_until": None,
    "message": None,
}
_NOTHING_TO_GO_ON_WITH: dict[str, Any] = {
    "presenton_id": None,
    "presenton_task_id": None,
    "unanswered_since": None,
    "fault_since": None,
    "progress_mark": None,
    "deck_mark": None,
    "presenton_down_at": None,
}


def drafted(draft_id: str) -> dict[str, Any]:
    """Presenton has a draft of it, whose outline is the next that is asked for."""
    return {"presenton_id": draft_id, "submit_started_at": None, "fault_since": None, "claims": 0}


def draft_lost(row: Presentation) -> dict[str, Any]:
    """Presenton has lost its draft. That is an attempt, unless asking for its outline has been counted as one."""
    return {"presenton_id": None, "attempts": row.attempts + (row.submit_started_at is None)}


def outlining(row: Presentation, now: datetime, message: str) -> dict[str, Any]:
    """To be committed before Presenton is asked to write the outline of its draft: one more attempt."""
    return {"attempts": row.attempts + 1, "submit_started_at": now, "progress_at": now, "message": message}


def outlined(slides: Sequence[str]) -> dict[str, Any]:
    """Its outline is proposed, and it waits for its teacher, not for a worker. Under the lease."""
    return {
        **GIVE_BACK.sets,
        **_NOTHING_TO_GO_ON_WITH,
        "outline": list(slides),
        "outlined_at": func.now(),
        "awaits_teacher_since": func.now(),
        "message": None,
        "error_detail": None,
        "claims": 0,
        "attempts": 0,
        "submit_started_at": None,
    }


# Its teacher has said what its slides are to be (set besides: `outline`, `n_slides`): it waits for a worker again.
ACCEPT = Transition(
    P,
    AWAITS_TEACHER,
    {"awaits_teacher_since": None, "asked_at": func.now(), "started_at": None, "progress_at": func.now()},
)

# Its teacher has changed its outline, and is not done with that.
REVISE = Transition(P, AWAITS_TEACHER, {"awaits_teacher_since": func.now()})

KEPT_OUTLINES = timedelta(days=14)
_PUT_ASIDE = (
    f"Nobody answered its outline for {KEPT_OUTLINES.days} days, so it was put aside. Try it again to see the outline."
)

# Nobody has answered its outline for so long that it is put aside, as if it had been cancelled.
PUT_ASIDE = Transition(
    P,
    (*AWAITS_TEACHER, P.awaits_teacher_since < func.now() - KEPT_OUTLINES),
    {"status": CANCELLED, "ended_at": func.now(), "message": _PUT_ASIDE},
)


def completed(deck: Deck, row: Presentation) -> dict[str, Any]:
    """`deck` is what was asked for. Under the lease."""
    slides = row.slides_total or row.n_slides
    return {
        **_NO_LONGER_MADE,
        **_NOTHING_TO_GO_ON_WITH,
        "status": COMPLETE,
        "completed_at": _NO_LONGER_MADE["ended_at"],
        "presenton_id": deck.id,
        "presenton_url": deck.url,
        "presenton_path": deck.path,
        "slides_done": slides,
        "slides_total": slides,
        "error_detail": None,
    }


def failed(sentence: str, detail: str, cause: Cause | None = None) -> dict[str, Any]:
    """It could not be made, and Presenton knows nothing of it that a retry could go on with. Under the lease."""
    return {**failed_for_now(sentence, detail, cause), **_NOTHING_TO_GO_ON_WITH}


def failed_for_now(sentence: str, detail: str, cause: Cause | None = None) -> dict[str, Any]:
    """It could not be made; a retry goes on with what Presenton may still know of it. Under the lease."""
    ended = {**_NO_LONGER_MADE, "fault_since": None, "progress_mark": None}
    return {**ended, "status": ERROR, "error": sentence, "error_detail": detail, "error_cause": cause}


# Somebody stops it; its worker finds its lease gone. Presenton cannot be told to stop: a thread waits until it has.
CANCEL = Transition(
    P, (P.status.in_((PENDING, PROCESSING)),), {**_NO_LONGER_MADE, "status": CANCELLED, "queued_at": None}
)


def remember_task(presentation_id: UUID, asked_at: datetime | None, task: Task) -> Any:
    """The UPDATE that keeps the task of one that was cancelled while Presenton was being asked, at `asked_at`.

    Not when it has become another request since. A retry then finds the task.
    """
    cancelled = (P.status.in_((CANCELLED, DELETED, PENDING)), P.unanswered_since.is_not(None))
    sets = {"presenton_task_id": task.id, "presenton_id": task.deck_id, "unanswered_since": None}
    return Transition(P, cancelled, sets).of(P.id == presentation_id, P.submit_started_at == asked_at)


_ASKED_AGAIN: dict[str, Any] = {
    "status": PENDING,
    "asked_at": func.now(),
    "started_at": None,
    "ended_at": None,
    "opened_at": None,
    "message": None,
    "error": None,
    "error_detail": None,
    "error_cause": None,
    "claims": 0,
    "attempts": 0,
    "fault_since": None,
    "progress_at": func.now(),
}

# It is to be made after all, as it was. A task taken up again gets its time anew; an outline waits for its teacher
# anew.
RETRY = Transition(
    P,
    (P.status.in_((ERROR, CANCELLED)),),
    {
        **_ASKED_AGAIN,
        "submit_started_at": case((P.presenton_task_id.is_not(None), func.now()), else_=P.submit_started_at),
        "awaits_teacher_since": case((P.awaits_teacher_since.is_not(None), func.now())),
    },
)

# It is to be made after all, as another request. What Presenton knows was made for the old one: neither its task nor a
# deck that never came is looked for.
EDIT = Transition(
    P,
    RETRY.when,
    {
        **_ASKED_AGAIN,
        **_NOTHING_TO_GO_ON_WITH,
        "presenton_url": None,
        "presenton_path": None,
        "completed_at": None,
        "slides_done": None,
        "slides_total": None,
        "submit_started_at": None,
        "outline": None,
        "outlined_at": None,
        "awaits_teacher_since": None,
    },
)

# Its teacher has seen it: no longer new.
OPEN = Transition(P, (P.status == COMPLETE, P.opened_at.is_(None)), {"opened_at": func.now()})

# After CANCEL, if it was not over. Asking again with its key is to make a new one. Purged after 30 days.
DELETE = Transition(
    P,
    (P.status.in_(OVER),),
    {"deleted_from": P.status, "deleted_at": func.now(), "status": DELETED, "idempotency_key": None},
)

# It is again what it was before it was deleted.
RESTORE = Transition(P, (P.status == DELETED,), {"status": P.deleted_from, "deleted_at": None, "deleted_from": None})


def deleted_before(age: timedelta) -> tuple[ColumnElement[bool], ...]:
    """What was deleted so long ago that it goes for good."""
    return P.status == DELETED, P.deleted_at < func.now() - age
