"""Finding the deck of an answer that never came, by the mark that Presenton was asked with."""

from __future__ import annotations

from presentations import lifecycle
from presentations.generation.claimed import Claimed
from presentations.presenton import UnknownDeck


def look_for_deck(one: Claimed) -> None:
    """Look once for the deck of an answer that never came, and wait until the next look. Raises Passing or Refused.

    After LOST_CALL_WAIT it counts as never made, and Presenton is asked again.
    """
    deck_id = find_deck(one)
    one.answered()
    if deck_id:
        one.log("found as %s", deck_id)
        one.save(**lifecycle.made(deck_id))
    elif one.age(one.row.unanswered_since) > one.context.settings.lost_call_wait:
        one.log("Presenton has no deck of the unanswered call; asking again")
        one.save(**lifecycle.NEVER_MADE)
    else:
        one.wait_longer()


def find_deck(one: Claimed) -> str | None:
    """The deck that holds its mark, once it has all its slides. Raises Passing or Refused."""
    decks = one.context.presenton.marked_decks(one.row.deck_mark) if one.row.deck_mark else []
    return next((deck_id for deck_id in decks if _is_whole(one, deck_id)), None)


def _is_whole(one: Claimed, deck_id: str) -> bool:
    try:
        return one.context.presenton.slide_count(deck_id) >= one.row.n_slides
    except UnknownDeck:
        return False
