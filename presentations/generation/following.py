"""Following a task of Presenton's until it is done, fails, or stands still."""

from __future__ import annotations

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.generation.outcomes import NOT_MADE, STARTING_OVER, TOO_LONG
from presentations.presenton import Task, UnknownTask


def follow(one: Claimed, task_id: str) -> None:
    """Look at the task once, and wait until the next look. Raises Passing or Refused."""
    try:
        task = one.context.presenton.task(task_id)
    except UnknownTask as error:
        _forget(one, f"Presenton no longer knows {task_id}: {error}")
        return
    one.answered()
    _note(one, task)
    if not one.is_over:
        _stop_if_too_long(one)
    if not one.is_over:
        one.wait(one.context.settings.poll_interval)


def _note(one: Claimed, task: Task) -> None:
    standing_still = one.age(one.row.progress_at)
    if task.failure is not None:
        one.fail(NOT_MADE, task.failure)
    elif task.deck:
        one.complete(task.deck)
    elif task.is_completed:  # releases 0.9.0 to 0.9.3 do not say which deck it is
        one.save(**lifecycle.made_unnamed(task, one.now()))
    elif task.mark != one.row.progress_mark:
        one.save(**lifecycle.progressed(task, one.now()))
    elif standing_still > one.context.settings.stall_limit(one.row.n_slides):
        _forget(one, f"nothing has changed in {task.id} for {standing_still:.0f} s")


def _stop_if_too_long(one: Claimed) -> None:
    limit = one.context.settings.generation_limit(one.row.n_slides)
    if one.age(one.row.submit_started_at) > limit:
        one.fail(TOO_LONG, f"not done after {limit:.0f} s")


def _forget(one: Claimed, why: str) -> None:
    one.log("%s", why)
    one.save(**lifecycle.task_forgotten(why, STARTING_OVER))
