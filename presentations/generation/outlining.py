"""Having an outline proposed, which then waits for its teacher.

Presenton writes it for a draft, whose id is kept before the outline is asked for: whoever takes this up finds what was
written, and has it written again only where nothing was. The slides are made from the outline as from any other text,
by a request of its own: a draft would be lost with Presenton, and a stream that breaks off loses its slides.
"""

from __future__ import annotations

import logging

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.generation.failing import attempt_failed
from presentations.generation.material import given_files
from presentations.generation.outcomes import LOST, NO_OUTLINE, OUTLINING
from presentations.options import GenerationRequest
from presentations.presenton import Failed, PresentonError, Unanswered, UnknownDeck, Unreachable, new_mark

log = logging.getLogger(__name__)

# Seconds for one outline, which takes a minute or two.
_MOST_SECONDS = 600.0


def propose(one: Claimed) -> None:
    """Have an outline proposed, as far as that goes now. Raises Passing or Refused."""
    try:
        draft_id = one.row.presenton_id or _draft(one)
        slides = one.context.presenton.drafted(draft_id) or _written(one, draft_id)
    except UnknownDeck as error:
        _draft_lost(one, error)
    except Failed as error:
        attempt_failed(one, error.failure)
    else:
        if slides:
            one.answered()
            one.propose(slides)
            _clear_away(one, draft_id)


def _draft(one: Claimed) -> str:
    request = GenerationRequest.of(one.row)
    try:
        draft_id = one.context.presenton.draft(request, new_mark(), given_files(one))
    except Unanswered as error:
        raise Unreachable(str(error)) from None  # a draft of which nothing is asked costs nothing
    one.save(**lifecycle.drafted(draft_id))
    return draft_id


def _draft_lost(one: Claimed, error: UnknownDeck) -> None:
    """Presenton no longer knows the draft: it is begun anew, as often as there are attempts."""
    one.save(**lifecycle.draft_lost(one.row))
    if one.row.attempts >= one.context.settings.max_attempts:
        one.fail(LOST.format(one.row.attempts), f"its draft was lost: {error}")
    else:
        one.wait_before_attempt()


def _written(one: Claimed, draft_id: str) -> list[str]:
    """What was written now; nothing, where that ended the presentation."""
    if one.row.attempts >= one.context.settings.max_attempts:
        one.fail(LOST.format(one.row.attempts), one.row.error_detail or "every outline was lost")
        return []
    one.save(**lifecycle.outlining(one.row, one.now(), OUTLINING))
    one.log("asked Presenton for an outline (attempt %d): %s", one.row.attempts, draft_id)
    one.lease.is_in_one_long_call = True
    try:
        slides = one.context.presenton.outline(draft_id, _MOST_SECONDS)
    finally:
        one.lease.is_in_one_long_call = False
    if not slides:
        one.fail(NO_OUTLINE, "the outline has no slides")
    return slides


def _clear_away(one: Claimed, draft_id: str) -> None:
    try:
        one.context.presenton.delete(draft_id)
    except PresentonError as error:
        log.info("presentation %s: its draft %s is left in Presenton (%s)", one.row.id, draft_id, error)
