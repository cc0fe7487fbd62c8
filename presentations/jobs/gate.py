"""The gate: shut while Presenton lets nobody in, and opened again by the first probe that it lets in.

It is apart from an admin's pause: neither opens the other, and the line moves when both are over.
"""

from __future__ import annotations

import logging

from sqlalchemy import func, or_, update

from presentations.database import Database
from presentations.database.models import Control
from presentations.jobs.engine import Engine

log = logging.getLogger(__name__)


def shut(engine: Engine, refusal: str) -> None:
    """Begin nothing, and look at nothing, until Presenton lets Lectern in. Raises Unavailable.

    `refusal` is for admins.
    """
    is_news = or_(Control.refused_at.is_(None), Control.refusal != refusal)
    since = func.coalesce(Control.refused_at, func.now())
    with engine.database.begin() as session:
        shutting = update(Control).where(is_news).values(refused_at=since, refusal=refusal)
        if not session.scalar(shutting.returning(Control.is_only)):
            return
        left = engine.take_out(session)
    engine.leave(left)
    log.warning("Presenton does not let Lectern in; the line waits until it does: %s", refusal)


def open_again(database: Database) -> None:
    """Presenton lets Lectern in: the dispatcher lets those that wait into the line. Raises Unavailable."""
    was_shut = update(Control).where(Control.refused_at.is_not(None)).values(refused_at=None, refusal=None)
    with database.single() as session:
        if not session.scalar(was_shut.returning(Control.is_only)):
            return
    log.warning("Presenton lets Lectern in again; the line goes on")
