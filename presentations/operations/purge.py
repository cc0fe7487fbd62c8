"""What is deleted for good: presentations deleted 30 days ago, their material, what was done a year ago, undos, links,
sessions, what webhooks were told. And what is put aside: outlines that nobody has answered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import aliased

from presentations.accounts import purge_sessions
from presentations.database import KEPT as KEPT_AUDIT
from presentations.database import Database
from presentations.database.models import CANCELLED, AuditEntry, Presentation, SignInLink, Undo
from presentations.files import Store, StoreError, deck_prefix
from presentations.lifecycle import KEPT_OUTLINES, PUT_ASIDE, deleted_before
from presentations.operations.old_material import purge_material
from presentations.presenton import NotLetIn, Passing, Presenton, Refused
from presentations.telemetry.metrics import ENDED
from presentations.webhooks import purge_deliveries

log = logging.getLogger(__name__)

KEPT_DELETED = timedelta(days=30)
KEPT_UNDOS = timedelta(days=1)
# So much longer a presentation is kept for its deck to be deleted, where Presenton is away.
WAIT_FOR_PRESENTON = timedelta(days=7)
_BATCH = 500


def purge_old(database: Database, store: Store, presenton: Presenton | None = None) -> int:
    """Delete for good what is old enough; gives how many presentations that were. Any number may do it at once.

    Outlines that nobody answered are put aside. Files go with their rows; where the store is away, the next sweep
    deletes those. With a Presenton decks are deleted there as well: presentations whose deck it could not delete are
    left for the next time, and after a week go without. Raises Unavailable.
    """
    with database.begin() as session:
        session.execute(delete(Undo).where(Undo.made_at < func.now() - KEPT_UNDOS))
        session.execute(delete(AuditEntry).where(AuditEntry.at < func.now() - KEPT_AUDIT))
        session.execute(delete(SignInLink).where(SignInLink.expires_at < func.now()))
    purge_sessions(database)
    purge_deliveries(database)
    _put_aside(database)
    count, is_store_there = 0, True
    for gone in _purged(database) if presenton is None else _purged_with_decks(database, presenton):
        count += len(gone)
        is_store_there = is_store_there and _delete_files(store, gone)
    if count:
        log.info("%d presentations that were deleted over %d days ago: gone for good", count, KEPT_DELETED.days)
    purge_material(database, store)
    return count


def _put_aside(database: Database) -> None:
    """They are in no queue, so nobody has to leave one."""
    with database.single() as session:
        aside = session.scalars(PUT_ASIDE.of().returning(Presentation.id)).all()
    for presentation_id in aside:
        log.info(
            "presentation %s: nobody answered its outline for %d days: put aside", presentation_id, KEPT_OUTLINES.days
        )
    ENDED.labels(CANCELLED).inc(len(aside))


def _purged_with_decks(database: Database, presenton: Presenton) -> Iterator[Sequence[UUID]]:
    yield from _purged(database, Presentation.presenton_id.is_(None))
    while batch := _with_decks(database):
        for row in batch:
            if not _delete_deck(database, presenton, row):
                yield from _purged(database, *deleted_before(KEPT_DELETED + WAIT_FOR_PRESENTON))
                return
            yield from _purged(database, Presentation.id == row.id)


def _with_decks(database: Database) -> Sequence[Any]:
    query = select(Presentation.id, Presentation.presenton_id).where(
        *deleted_before(KEPT_DELETED), Presentation.presenton_id.is_not(None)
    )
    with database.single() as session:
        return session.execute(query.order_by(Presentation.deleted_at).limit(_BATCH)).all()


def _delete_deck(database: Database, presenton: Presenton, row: Any) -> bool:
    """Delete its deck, unless another presentation names it, too. False: Presenton is away, ask later."""
    if _is_anothers(database, row):
        return True
    try:
        presenton.delete(row.presenton_id)
    except (Passing, NotLetIn) as error:
        log.warning("decks of presentations that are to be purged cannot be deleted now (%s)", error)
        return False
    except Refused as error:
        log.warning("presentation %s: Presenton keeps its deck %s (%s)", row.id, row.presenton_id, error)
    return True


def _is_anothers(database: Database, row: Any) -> bool:
    other = aliased(Presentation)
    query = select(exists().where(other.presenton_id == row.presenton_id, other.id != row.id))
    with database.single() as session:
        return bool(session.scalar(query))


def _purged(database: Database, *which: ColumnElement[bool]) -> Iterator[Sequence[UUID]]:
    # Short transactions: a purge after a long time must block nobody.
    while gone := _purge_presentations(database, *which):
        yield gone


def _purge_presentations(database: Database, *which: ColumnElement[bool]) -> Sequence[UUID]:
    old = (
        select(Presentation.id)
        .where(*deleted_before(KEPT_DELETED), *which)
        .order_by(Presentation.deleted_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    query = delete(Presentation).where(Presentation.id.in_(old)).returning(Presentation.id)
    with database.single() as session:
        return session.scalars(query.execution_options(synchronize_session=False)).all()


def _delete_files(store: Store, presentation_ids: Sequence[UUID]) -> bool:
    """Whether it could be done."""
    try:
        for presentation_id in presentation_ids:
            store.delete_all(deck_prefix(presentation_id))
    except StoreError as error:
        log.warning("files of presentations that were purged are left for the sweep: %s", error.reason)
        return False
    return True
