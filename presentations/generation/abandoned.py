"""Cancelled ones that Presenton is still at: it cannot be told to stop, so each takes up a thread until it is done.

Else asking and cancelling in turn would have any number of generations run at once.
"""

from __future__ import annotations

import time
from uuid import UUID

from sqlalchemy import select

from presentations import lifecycle
from presentations.database import Database
from presentations.database.models import CANCELLED, DELETED, Presentation
from presentations.generation.claimed import Claimed
from presentations.presenton import Passing, Presenton, PresentonError, Task, pause


def wait_for_end(one: Claimed) -> None:
    """Wait until Presenton is done with a presentation that is no longer ours, if it was cancelled. Raises Stopped.

    A task that was followed is waited for even if the presentation has become another request since; not if it is taken
    up again. No longer than the generation might have taken, nor than nothing has changed for too long.
    """
    database, context = one.context.database, one.context
    status, kept = context.when_database_answers(_look, database, one.row.id)
    task_id = one.row.presenton_task_id or (kept if status in (CANCELLED, DELETED) else None)
    if not task_id or _is_taken_up(status, kept, task_id):
        one.log("left: it is no longer ours")
        return
    one.log("cancelled; its thread stays taken until Presenton is done with it")
    if _wait_until_done(one, task_id):
        one.log("cancelled; its thread is free again")
    else:
        one.log("left: it is no longer ours")


def _wait_until_done(one: Claimed, task_id: str) -> bool:
    """False when the task is taken up again."""
    context, settings = one.context, one.context.settings
    ends_at = time.monotonic() + settings.generation_limit(one.row.n_slides) - one.age(one.row.submit_started_at)
    stall = settings.stall_limit(one.row.n_slides)
    mark, changed_at = "", time.monotonic()
    while time.monotonic() < ends_at and time.monotonic() - changed_at < stall:
        if context.stopping.wait(pause(settings.poll_interval, one.age(one.row.submit_started_at))):
            return True
        if _is_taken_up(*context.when_database_answers(_look, context.database, one.row.id), task_id):
            return False
        seen = _mark(context.presenton, task_id, mark)
        if seen is None:
            return True
        if seen != mark:
            mark, changed_at = seen, time.monotonic()
    return True


def remember_task(one: Claimed, task: Task) -> None:
    """Keep the task of a presentation that was cancelled while Presenton was being asked. Raises Unavailable."""
    with one.context.database.single() as session:
        session.execute(lifecycle.remember_task(one.row.id, one.row.submit_started_at, task))


def _is_taken_up(status: str, kept: str | None, task_id: str) -> bool:
    return status not in (CANCELLED, DELETED) and kept == task_id


def _look(database: Database, presentation_id: UUID) -> tuple[str, str | None]:
    query = select(Presentation.status, Presentation.presenton_task_id).where(Presentation.id == presentation_id)
    with database.single() as session:
        found = session.execute(query).one_or_none()
    # One that is gone for good was deleted or erased.
    return (found.status, found.presenton_task_id) if found else (DELETED, None)


def _mark(presenton: Presenton, task_id: str, last: str) -> str | None:
    """What Presenton says of the task now, or still the last when it does not answer; None when it is done."""
    try:
        task = presenton.task(task_id)
    except Passing:
        return last
    except PresentonError:
        return None
    return None if task.is_completed or task.failure is not None else task.mark
