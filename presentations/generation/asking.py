"""Asking Presenton: in the asynchronous way, whose task is then followed, or in one long call."""

from __future__ import annotations

from presentations import lifecycle
from presentations.generation.abandoned import remember_task
from presentations.generation.claimed import Claimed
from presentations.generation.failing import attempt_failed
from presentations.generation.material import given_files
from presentations.generation.outcomes import LOOKING, WRITING
from presentations.jobs import LeaseLost
from presentations.options import GenerationRequest
from presentations.presenton import Failed, NoAsynchronousCall, Passing, Refused, Unanswered, new_mark


def ask(one: Claimed) -> None:
    """Ask in the asynchronous way. Raises Passing or Refused when Presenton did not take it, and as given_files()."""
    files = given_files(one)
    mark, presenton = new_mark(), one.context.presenton
    one.save(**lifecycle.submitting(one.row, one.now(), mark))
    try:
        task = presenton.submit(GenerationRequest.of(one.row), mark, files)
    except Unanswered as error:
        one.log("asked Presenton, whose answer never came: %s", error)
        one.save(**lifecycle.answer_lost(LOOKING))
        return
    except Failed as error:
        attempt_failed(one, error.failure)
        return
    except (Passing, Refused) as error:
        one.save(**lifecycle.not_taken(one.row))
        if not isinstance(error, NoAsynchronousCall) or not presenton.is_asked_blocking:
            raise
        return
    one.log("asked Presenton (attempt %d): %s", one.row.attempts, task.id)
    try:
        one.save(**lifecycle.taken(task))
    except LeaseLost:
        # Cancelled while Presenton was being asked; a retry is to find the task.
        one.context.when_database_answers(remember_task, one, task)
        raise
    one.answered()


def ask_and_wait(one: Claimed) -> None:
    """Ask in one long call, whose answer is the deck. Raises as ask()."""
    files = given_files(one)
    mark = new_mark()
    one.save(**lifecycle.submitting(one.row, one.now(), mark, WRITING))
    one.log("asked Presenton in one long call (attempt %d)", one.row.attempts)
    one.lease.is_in_one_long_call = True
    try:
        limit = one.context.settings.generation_limit(one.row.n_slides)
        deck = one.context.presenton.generate(GenerationRequest.of(one.row), mark, limit, files)
    except Unanswered as error:
        one.log("the long call was lost: %s", error)
        one.save(**lifecycle.answer_lost(LOOKING))
    except (Passing, Refused):
        one.save(**lifecycle.not_taken(one.row))
        raise
    except Failed as error:
        attempt_failed(one, error.failure)
    else:
        if deck.path:
            one.complete(deck)
        else:
            one.save(**lifecycle.made(deck.id))
        one.answered()
    finally:
        one.lease.is_in_one_long_call = False
