"""Material that nobody needs any more: its file is deleted, and its row once no presentation names it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import Upload
from presentations.files import Store, StoreError, upload_prefix
from presentations.library import IS_NAMED, KEPT_UNTIL

log = logging.getLogger(__name__)

_BATCH = 500

_IS_OVER = func.now() > KEPT_UNTIL
_IS_UNUSED = and_(~IS_NAMED, or_(Upload.deleted_at.is_not(None), _IS_OVER))
_IS_USED_UP = and_(Upload.deleted_at.is_(None), IS_NAMED, _IS_OVER)


def purge_material(database: Database, store: Store) -> int:
    """Delete what was given and not used, and the files of what was used, once their time is over: see KEPT_UNTIL.

    Gives how many files that were. Where the store is away, the next sweep deletes them. Raises Unavailable.
    """
    count = 0
    for which, end in ((_IS_UNUSED, _forget), (_IS_USED_UP, _mark)):
        # Short transactions, as in purge.py.
        while batch := _ended(database, which, end):
            count += len(batch)
            _delete_files(store, batch)
    if count:
        log.info("%d files that slides were, or were to be, made from: deleted", count)
    return count


def _ended(
    database: Database, which: ColumnElement[bool], end: Callable[[Session, ColumnElement[bool]], Sequence[UUID]]
) -> Sequence[UUID]:
    chosen = select(Upload.id).where(which).order_by(Upload.created_at).limit(_BATCH)
    with database.begin() as session:
        ids = session.scalars(chosen.with_for_update(skip_locked=True)).all()
        # Looked at once more, now that no presentation can begin to name one: see library/material.py.
        return end(session, and_(Upload.id.in_(ids), which)) if ids else ()


def _forget(session: Session, which: ColumnElement[bool]) -> Sequence[UUID]:
    return session.scalars(delete(Upload).where(which).returning(Upload.id)).all()


def _mark(session: Session, which: ColumnElement[bool]) -> Sequence[UUID]:
    return session.scalars(update(Upload).where(which).values(deleted_at=func.now()).returning(Upload.id)).all()


def _delete_files(store: Store, upload_ids: Sequence[UUID]) -> None:
    try:
        for upload_id in upload_ids:
            store.delete_all(upload_prefix(upload_id))
    except StoreError as error:
        log.warning("files that slides were made from are left for the sweep: %s", error.reason)
