"""Whose a finished deck is, where Presenton does not say for which request it was made."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database import Lock, lock
from presentations.database.models import Presentation
from presentations.generation.claimed import Claimed
from presentations.options import GenerationRequest
from presentations.presenton import Deck


def look_for_deck(one: Claimed) -> None:
    """Look once for the deck of an answer that never came, and wait until the next look. Raises Passing or Refused.

    After LOST_CALL_WAIT it counts as never made, and Presenton is asked again.
    """
    decks = one.context.presenton.decks(GenerationRequest.of(one.row), one.row.submit_started_at or one.now())
    one.answered()
    if one.context.when_database_answers(_take_one, one, decks):
        return
    if one.age(one.row.unanswered_since) > one.context.settings.lost_call_wait:
        one.log("Presenton has no deck of the unanswered call; asking again")
        one.save(**lifecycle.NEVER_MADE)
    else:
        one.wait_longer()


def _take_one(one: Claimed, decks: list[Deck]) -> bool:
    """Complete with the first deck that is nobody else's."""
    with one.context.database.begin() as session:
        lock(session, Lock.TAKE_DECK)
        free = free_decks(session, one.row, decks)
        if free:
            one.write(session, **lifecycle.completed(free[0], one.row))
    if free:
        one.has_ended("complete: found as %s", free[0].id)
    return bool(free)


def free_decks(session: Session, row: Presentation, decks: list[Deck]) -> list[Deck]:
    """Those of `decks` that may be taken for `row`: not another's, nor about to be.

    `decks` look like what was asked for, oldest first; a presentation of the same topic and length may be waiting for
    one of them, so as many are left as there are such presentations with an older claim.
    """
    ids = [deck.id for deck in decks]
    query = select(Presentation.presenton_id).where(Presentation.presenton_id.in_(ids), Presentation.id != row.id)
    taken = set(session.scalars(query))
    free = [deck for deck in decks if deck.id not in taken]
    return free[_older_claims(session, row) :] if free else []


def _older_claims(session: Session, row: Presentation) -> int:
    same = and_(
        Presentation.topic == row.topic,
        Presentation.n_slides == row.n_slides,
        Presentation.id != row.id,
        Presentation.presenton_id.is_(None),
    )
    return session.scalar(select(func.count()).where(same, _claims_before(row))) or 0


def _claims_before(row: Presentation) -> ColumnElement[bool]:
    # One with a task is told by Presenton when it is done; of two lost answers the earlier request comes first.
    return or_(
        Presentation.presenton_task_id.is_not(None),
        and_(Presentation.unanswered_since.is_not(None), Presentation.submit_started_at < row.submit_started_at),
    )
