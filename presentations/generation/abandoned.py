"""Cancelled ones that Presenton is still at: it cannot be told to stop, so each takes up its place until it is done.

Else asking and cancelling in turn would have any number of generations run at once.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from presentations.database import Database
from presentations.database.models import CANCELLED, DELETED, PENDING, Presentation
from presentations.jobs import Workshop
from presentations.presenton import Passing, Presenton, PresentonError, Task

log = logging.getLogger(__name__)


def keep_place(workshop: Workshop, presentation_id: UUID, followed: str | None, seconds: float, stall: float) -> bool:
    """Wait until Presenton is done with a cancelled presentation. False when it is none, or its task is taken up again.

    `followed` is the task that was followed, if there was one: it is waited for even if the presentation has become
    another order since. At most `seconds`, and no longer than nothing has changed for `stall` seconds. Raises Stopped.
    """
    database = workshop.database
    status, kept = workshop.when_database_answers(_look, database, presentation_id)
    task_id = followed or (kept if status in (CANCELLED, DELETED) else None)
    if not task_id or _is_taken_up(status, kept, task_id):
        return False
    log.info("presentation %s: cancelled; its place stays taken until Presenton is done with it", presentation_id)
    mark, changed_at, started_at = "", time.monotonic(), time.monotonic()
    while time.monotonic() - started_at < seconds and time.monotonic() - changed_at < stall:
        if workshop.stopping.wait(workshop.settings.poll_interval):
            return True
        if _is_taken_up(*workshop.when_database_answers(_look, database, presentation_id), task_id):
            return False
        seen = _mark(workshop.presenton, task_id, mark)
        if seen is None:
            return True
        if seen != mark:
            mark, changed_at = seen, time.monotonic()
    return True


def _is_taken_up(status: str, kept: str | None, task_id: str) -> bool:
    return status not in (CANCELLED, DELETED) and kept == task_id


def remember_task(database: Database, presentation_id: UUID, asked_at: datetime | None, task: Task) -> None:
    """Keep the task of a presentation that was cancelled while Presenton was being asked, at `asked_at`.

    It is not kept when the presentation has become another order since. Raises Unavailable.
    """
    with database.begin() as session:
        session.execute(
            update(Presentation)
            .where(
                Presentation.id == presentation_id,
                Presentation.status.in_((CANCELLED, DELETED, PENDING)),
                Presentation.unanswered_since.is_not(None),
                Presentation.submit_started_at == asked_at,
            )
            .values(presenton_task_id=task.id, presenton_id=task.deck_id, unanswered_since=None)
        )


def _look(database: Database, presentation_id: UUID) -> tuple[str, str | None]:
    query = select(Presentation.status, Presentation.presenton_task_id).where(Presentation.id == presentation_id)
    with database.begin() as session:
        status, task_id = session.execute(query).one()
    return status, task_id


def _mark(presenton: Presenton, task_id: str, last: str) -> str | None:
    """What Presenton says of the task now, or still the last when it does not answer; None when it is done."""
    try:
        task = presenton.task(task_id)
    except Passing:
        return last
    except PresentonError:
        return None
    return None if task.is_completed or task.failure is not None else task.mark
