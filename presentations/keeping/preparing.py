"""The RQ job: one deck fetched, kept current, and made visible, as far as that can be done now.

Safe to be done twice, and left off anywhere: each part is kept as soon as it is made, and whoever comes later does the
rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from presentations.files import StoreAway, StoreError
from presentations.jobs import LeaseLost, Stopped, current_context
from presentations.keeping.claimed import Claimed
from presentations.keeping.fetching import NotFetched
from presentations.keeping.looking import look
from presentations.keeping.showing import make_visible
from presentations.keeping.work import DECKS
from presentations.telemetry import logs

log = logging.getLogger(__name__)

# A worker that dies over the same deck again and again is stopped by this.
MAX_CLAIMS = 10

_AGAIN_AND_AGAIN = "Lectern has tried again and again to prepare these slides. Tell whoever runs it."
_NOT_KEPT = "What is kept of this presentation cannot be reached just now. Lectern tries again."


def prepare_deck(presentation_id: str) -> None:
    """The RQ job: see to one deck."""
    context = current_context.get()
    engine = context.engine(DECKS)
    with suppress(Stopped, LeaseLost), context.claimed(engine, UUID(presentation_id)) as claim:
        if claim is None:
            return
        one = context.when_database_answers(Claimed, context, claim)
        with logs.about(one.id, one.presentation.request_id):
            context.when_database_answers(prepare, one)


def prepare(one: Claimed) -> None:
    """Look at the deck, and make it visible. Raises LeaseLost, Stopped, or Unavailable: then it is begun anew."""
    if one.row.attempts > MAX_CLAIMS:
        one.end_for_now(_AGAIN_AND_AGAIN, may_pass=False)
        return
    problems = [problem for problem in (_problem(look, one), _problem(make_visible, one)) if problem]
    if problems:
        one.end_for_now(str(problems[0]), may_pass=any(problem.may_pass for problem in problems))
    else:
        one.end()


def _problem(part: Callable[[Claimed], None], one: Claimed) -> NotFetched | None:
    """What could not be had of this part."""
    try:
        part(one)
    except NotFetched as error:
        return error
    except StoreError as error:
        log.warning("presentation %s: what is kept of it cannot be used: %s", one.id, error.reason)
        is_away = isinstance(error, StoreAway)
        return NotFetched(_NOT_KEPT if is_away else str(error), may_pass=is_away)
    except OSError as error:  # the disk for files on their way
        log.warning("presentation %s: %s", one.id, error)
        return NotFetched(_NOT_KEPT, may_pass=True)
    return None
