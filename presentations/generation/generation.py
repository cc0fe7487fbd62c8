"""The RQ job: one presentation from its claim to its end.

A worker that dies, stops or loses its lease anywhere in here leaves a row from which the next one goes on: Presenton's
task id, or the time at which an unanswered call was made, is committed before anything is waited for.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from uuid import UUID

from presentations import lifecycle
from presentations.files import StoreAway
from presentations.generation.abandoned import wait_for_end
from presentations.generation.asking import ask, ask_and_wait
from presentations.generation.claimed import Claimed
from presentations.generation.exporting import export
from presentations.generation.failing import attempt_failed, not_let_in, refused
from presentations.generation.following import follow
from presentations.generation.lost_answers import look_for_deck
from presentations.generation.material import STORE, MaterialGone
from presentations.generation.outcomes import AGAIN_AND_AGAIN, FILES_AWAY, LOST, NO_ANSWER, NO_FILES, NOT_ANSWERING
from presentations.generation.outlining import propose
from presentations.jobs import PRESENTATIONS, LeaseLost, Stopped, current_context
from presentations.presenton import Cause, Down, Failed, NotLetIn, Passing, Refused
from presentations.telemetry import logs

log = logging.getLogger(__name__)

# A worker that dies over the same presentation again and again is stopped by this.
MAX_CLAIMS = 10


class GenerationFailed(Exception):
    """The presentation ended as error; its row says why. Nothing that anybody typed stands in here."""


def make_presentation(presentation_id: str) -> None:
    """The RQ job: make one presentation, or go on with it. Raises GenerationFailed, for rq-dashboard to show."""
    context = current_context.get()
    with suppress(Stopped), context.claimed(context.engine(PRESENTATIONS), UUID(presentation_id)) as claim:
        if claim is None:
            log.info("presentation %s: nothing to do: somebody else was first, or the queue is paused", presentation_id)
            return
        one = Claimed(context, claim)
        with logs.about(one.row.id, one.row.request_id):
            make(one)
        if one.has_failed:
            raise GenerationFailed("The presentation ended as error; its row says why.")


def make(one: Claimed) -> None:
    """Work on it until it is over, or this worker stops or loses it: from where the last claim left off."""
    one.log("taken up again" if one.row.presenton_task_id else "started")
    try:
        if one.others_wait:
            one.let_next_in()
        if one.row.claims > MAX_CLAIMS:
            one.fail_for_now(AGAIN_AND_AGAIN, f"{MAX_CLAIMS} claims in vain")
        while not one.is_over:
            _step(one)
    except LeaseLost:
        wait_for_end(one)
    except Stopped:
        one.log("left for the next worker")


def _step(one: Claimed) -> None:
    """The next step, by what is known of it. What passes is waited for, what lasts ends it."""
    row = one.row
    try:
        if row.needs_outline:
            propose(one)
        elif row.presenton_task_id:
            follow(one, row.presenton_task_id)
        elif row.unanswered_since:
            look_for_deck(one)
        elif row.presenton_id:
            export(one, row.presenton_id)
        elif row.attempts >= one.context.settings.max_attempts:
            one.fail(LOST.format(row.attempts), row.error_detail or "every attempt was lost")
        elif one.context.presenton.is_asked_blocking:
            ask_and_wait(one)
        else:
            ask(one)
    except Passing as error:
        if isinstance(error, Down) and row.presenton_task_id:
            one.save(**lifecycle.seen_down(one.now()))
        _wait_out(one, "Presenton", str(error), NOT_ANSWERING, NO_ANSWER)
    except StoreAway as error:
        _wait_out(one, STORE, error.reason, FILES_AWAY, NO_FILES)
    except MaterialGone as error:
        one.fail(str(error), error.detail, Cause.FILE)
    except Failed as error:
        attempt_failed(one, error.failure)
    except NotLetIn as error:
        not_let_in(one, error)
    except Refused as error:
        refused(one, error)


def _wait_out(one: Claimed, server: str, problem: str, message: str, given_up: str) -> None:
    """Wait for a server that is away; `message` is for its teacher meanwhile, `given_up` after too long."""
    one.context.outages.note(server, problem)
    if one.row.fault_since is None:
        one.save(**lifecycle.fault_began(one.now(), message))
    elif one.age(one.row.fault_since) > one.context.settings.give_up_after:
        one.fail_for_now(given_up, problem)
        return
    one.wait_longer()
