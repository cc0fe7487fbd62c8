"""Following a task of Presenton's until it is done, fails, or stands still."""

from __future__ import annotations

import math

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.generation.failing import attempt_failed
from presentations.generation.lost_answers import find_deck
from presentations.generation.outcomes import STARTING_OVER, TOO_LONG
from presentations.presenton import Task, UnknownTask, Watch


def follow(one: Claimed, task_id: str) -> None:
    """Follow the task as long as there is something to follow. Raises Passing or Refused."""
    watch = Watch(task_id, one.row.n_slides, one.age(one.row.submit_started_at), one.lease.news)
    while not one.is_over and one.row.presenton_task_id == task_id:
        _take_news(one, watch)


def _take_news(one: Claimed, watch: Watch) -> None:
    try:
        task = _wait_for_news(one, watch)
    except UnknownTask as error:
        _forget(one, f"Presenton no longer knows {watch.task_id}: {error}")
        return
    one.answered()
    if task.failure is not None:
        attempt_failed(one, task.failure)
        return
    _note(one, task)
    if not one.is_over:
        _stop_if_too_long(one)


def _wait_for_news(one: Claimed, watch: Watch) -> Task:
    """The task, once its mark differs from the row's, or a limit is reached. Raises UnknownTask, Passing or Refused."""
    with one.context.lookout.watching(watch, one.row.progress_mark, _until_a_limit(one)):
        while (task := watch.news()) is None:
            one.wait(None)
    return task


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


def _until_a_limit(one: Claimed) -> float:
    """Seconds until the first of the limits above is reached."""
    row, settings = one.row, one.context.settings
    limits = (
        (row.progress_at, settings.stall_limit(row.n_slides)),
        (row.presenton_down_at, settings.restart_wait),
        (row.submit_started_at, settings.generation_limit(row.n_slides)),
    )
    return min((limit - one.age(since) for since, limit in limits if since), default=math.inf)


def _forget(one: Claimed, why: str) -> None:
    one.log("%s", why)
    one.save(**lifecycle.task_forgotten(why, STARTING_OVER))
