"""Having Presenton make the file of a deck that exists, where no answer has named it."""

from __future__ import annotations

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.generation.outcomes import STARTING_OVER
from presentations.presenton import Failed, NotLetIn, Refused, UnknownDeck, deck_of


def export(one: Claimed, deck_id: str) -> None:
    """Complete with the deck and its file; without one where Presenton cannot make it. Raises Passing or NotLetIn."""
    try:
        deck = one.context.presenton.export(deck_id, one.row.export_as or "pptx")
    except UnknownDeck as error:
        one.log("the deck %s is gone: %s", deck_id, error)
        one.save(**lifecycle.task_forgotten(f"its deck is gone: {error}", STARTING_OVER))
    except NotLetIn:
        raise
    except (Failed, Refused) as error:
        one.log("the deck %s is made, but its file cannot be: %s", deck_id, error)
        one.complete(deck_of(deck_id))
    else:
        one.complete(deck)
    one.answered()
