"""PostgreSQL's advisory locks: every number that Lectern takes, so that no two things take the same.

All are held until the transaction ends. schema.sql takes 723604 while it runs.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session


class Lock(IntEnum):
    """What nobody does twice at once."""

    DISPATCH_PRESENTATIONS = 723600
    ADMIT_PRESENTATIONS = 723601  # of one user
    ADMIT_DELIVERIES = 723605
    COUNT_WEBHOOKS = 723606  # of one user
    DISPATCH_DELIVERIES = 723607
    DISPATCH_DECKS = 723608
    ADMIT_DECKS = 723609
    SWEEP = 723610
    COUNT_UPLOADS = 723611  # of one user


def lock(session: Session, what: Lock, whose: str | None = None) -> None:
    """Wait until nobody else holds this lock; the one of a single user, if `whose` is given."""
    keys = [int(what)] if whose is None else [int(what), func.hashtext(whose)]
    session.execute(select(func.pg_advisory_xact_lock(*keys)))


def try_lock(session: Session, what: Lock) -> bool:
    """Whether this lock could be had at once."""
    return bool(session.scalar(_TRY, {"what": int(what)}))


_TRY = text("SELECT pg_try_advisory_xact_lock(:what)")
