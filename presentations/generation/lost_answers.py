"""Whose a finished deck is, where Presenton does not say for which request it was made."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from presentations.database.models import Presentation
from presentations.presenton import Deck


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
