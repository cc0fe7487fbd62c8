"""The file of a presentation that exists.

By an edit that changes nothing, which all recorded releases know, else by the call of its own that newer ones have
(Presenton's pull request 831).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presentations.presenton.answers import Answer, Deck, read_deck
from presentations.presenton.calls import EDIT, export_path
from presentations.presenton.errors import BadAnswer, Failed, NotLetIn, Refused, Unanswered, Unreachable

Post = Callable[[str, dict[str, Any], float], Answer]

_SECONDS = 180.0


def export(post: Post, check: Callable[[], object], deck_id: str, kind: str) -> Deck:
    """The presentation with its file of this kind, "pptx" or "pdf"; `check` raises UnknownDeck if it is not there.

    Raises UnknownDeck, Passing, Refused (by both, says what each answers), Failed.
    """
    try:
        return _exported(post, EDIT, {"presentation_id": deck_id, "slides": [], "export_as": kind})
    except NotLetIn:
        raise
    except Refused as error:
        refused = error
    check()  # is it the deck that is not there, or the call?
    try:
        return _exported(post, export_path(deck_id), {"export_as": kind})
    except NotLetIn:
        raise
    except Refused as error:
        words = f"presentation/edit answers {refused}; presentation/<id>/export answers {error}"
        raise Refused(f"It exports no presentation that exists: {words}", error.cause) from None


def _exported(post: Post, path: str, body: dict[str, Any]) -> Deck:
    try:
        answer = post(path, body, _SECONDS)
    except Unanswered as error:
        raise Unreachable(str(error)) from None  # asking for a file once more is safe
    if answer.status == 404 and not answer.is_json:
        raise BadAnswer(answer.words)  # a proxy's, that has lost its way
    if answer.status == 500:
        raise Failed(answer.failure)
    answer.raise_for_status()
    return read_deck(answer.json())
