"""Following a task of Presenton's until it is done, fails, or stands still."""

from __future__ import annotations

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.generation.failing import attempt_failed
from presentations.generation.lost_answers import find_deck
from presentations.generation.outcomes import STARTING_OVER, TOO_LONG
from presentations.presenton import Task, UnknownTask


def follow(one: Claimed, task_id: str) -> None:
    """Look at the task once, and wait until the next look. Raises Passing or Refused."""
    try:
        task = one.context.presenton.task(task_id)
    except UnknownTask as error:
        _forget(one, f"Presenton no longer knows {task_id}: {error}")
        return
    one.answered()
    if task.failure is not None:
        attempt_failed(one, task.failure)
        return
    _note(one, task)
    if not one.is_over:
        _stop_if_too_long(one)
    if not one.is_over:
        one.wait(one.context.settings.poll_interval)


def _note(one: Claimed, task: Task) -> None:
    if task.deck and task.deck.path:
        one.complete(task.deck)
    elif task.is_completed:
        _take_unnamed(one, task)
    elif task.mark != one.row.progress_mark:
        one.save(**lifecycle.progressed(task, one.row, one.now()))
    else:
        _give_up_if_still(one, task)


def _take_unnamed(one: Claimed, task: Task) -> None:
    """Releases 0.9.0 to 0.9.3 do not say which deck it is, others not where its file is."""
    deck_id = task.deck_id or one.row.presenton_id or find_deck(one)
    if deck_id:
        one.save(**lifecycle.made(deck_id))
        return
    # What gives our mark back in no list has to be asked in the way that names the deck.
    one.context.presenton.ask_blocking()
    _forget(one, f"{task.id} is done, but no deck in Presenton's list is its")


def _give_up_if_still(one: Claimed, task: Task) -> None:
    settings, still = one.context.settings, one.age(one.row.progress_at)
    if still > settings.stall_limit(one.row.n_slides):
        _forget(one, f"nothing has changed in {task.id} for {still:.0f} s")
    elif one.row.presenton_down_at and one.age(one.row.presenton_down_at) > settings.restart_wait:
        _forget(one, f"Presenton was down, and nothing has changed in {task.id} since")


def _stop_if_too_long(one: Claimed) -> None:
    limit = one.context.settings.generation_limit(one.row.n_slides)
    if one.age(one.row.submit_started_at) > limit:
        one.fail(TOO_LONG, f"not done after {limit:.0f} s")


def _forget(one: Claimed, why: str) -> None:
    one.log("%s", why)
    one.save(**lifecycle.task_forgotten(why, STARTING_OVER))
