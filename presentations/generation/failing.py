"""An attempt that failed: what may pass is asked for again after a pause, what lasts ends the presentation."""

from __future__ import annotations

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.generation.outcomes import AGAIN, NOT_LET_IN, sentence_for
from presentations.jobs import PRESENTATIONS, shut
from presentations.presenton import Failure, NotLetIn, Refused


def attempt_failed(one: Claimed, failure: Failure) -> None:
    """Presenton, or the model behind it, could not make it. At most MAX_ATTEMPTS, whoever said it and in which mode."""
    one.log("attempt %d failed (%s): %s", one.row.attempts, failure.cause, failure.words)
    if failure.cause.may_pass and one.row.attempts < one.context.settings.max_attempts:
        one.save(**lifecycle.attempt_failed(failure.words, AGAIN))
        one.wait_before_attempt()
    else:
        one.fail(sentence_for(failure.cause, one.row), failure.words, failure.cause)


def refused(one: Claimed, error: Refused) -> None:
    """Presenton will not make it; a retry goes on with what it may still know of it."""
    one.fail_for_now(sentence_for(error.cause, one.row), str(error), error.cause)


def not_let_in(one: Claimed, error: NotLetIn) -> None:
    """The line stands until Presenton lets Lectern in; this one waits with all others, and fails for nothing."""
    one.context.when_database_answers(shut, one.context.engine(PRESENTATIONS), str(error))
    one.save(**lifecycle.not_let_in(NOT_LET_IN))
    one.log("Presenton does not let Lectern in; it waits")
