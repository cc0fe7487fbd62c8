"""What is deleted for good: presentations deleted 30 days ago, what was done a year ago, undos, links,
what webhooks were told."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import delete, func, select

from presentations.database import KEPT as KEPT_AUDIT
from presentations.database import Database
from presentations.database.models import AuditEntry, Presentation, SignInLink, Undo
from presentations.lifecycle import deleted_before
from presentations.webhooks import purge_deliveries

log = logging.getLogger(__name__)

KEPT_DELETED = timedelta(days=30)
KEPT_UNDOS = timedelta(days=1)
_BATCH = 500


def purge_old(database: Database) -> int:
    """Delete for good what is old enough; gives how many presentations that were. Any number may do it at once.

    Raises Unavailable.
    """
    with database.begin() as session:
        session.execute(delete(Undo).where(Undo.made_at < func.now() - KEPT_UNDOS))
        session.execute(delete(AuditEntry).where(AuditEntry.at < func.now() - KEPT_AUDIT))
        session.execute(delete(SignInLink).where(SignInLink.expires_at < func.now()))
    purge_deliveries(database)
    count = 0
    while batch := _purge_presentations(database):
        count += batch
    if count:
        log.info("%d presentations that were deleted over %d days ago: gone for good", count, KEPT_DELETED.days)
    return count


def _purge_presentations(database: Database) -> int:
    # Short transactions: a purge after a long time must block nobody.
    old = (
        select(Presentation.id)
        .where(*deleted_before(KEPT_DELETED))
        .order_by(Presentation.deleted_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    query = delete(Presentation).where(Presentation.id.in_(old)).returning(Presentation.id)
    with database.begin() as session:
        return len(session.scalars(query.execution_options(synchronize_session=False)).all())
