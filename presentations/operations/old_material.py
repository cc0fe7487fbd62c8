"""Material that nobody needs any more: its file is deleted, and its row once no presentation names it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import COMPLETE, Material, Presentation, Upload
from presentations.files import Store, StoreError, upload_prefix
from presentations.lifecycle import deleted_before

log = logging.getLogger(__name__)

KEPT_UNUSED = timedelta(days=7)
KEPT_USED = timedelta(days=30)
_BATCH = 500

_IS_NAMED = exists().where(Material.upload_id == Upload.id)
_IS_NEEDED = _IS_NAMED.where(
    Material.presentation_id == Presentation.id,
    ~or_(
        and_(Presentation.status == COMPLETE, Presentation.completed_at < func.now() - KEPT_USED),
        and_(*deleted_before(KEPT_USED)),
    ),
)
_IS_UNUSED = and_(~_IS_NAMED, or_(Upload.deleted_at.is_not(None), Upload.created_at < func.now() - KEPT_UNUSED))
_IS_USED_UP = and_(Upload.deleted_at.is_(None), Upload.is_kept.is_(False), _IS_NAMED, ~_IS_NEEDED)


def purge_material(database: Database, store: Store) -> int:
    """Delete what was given and not used within KEPT_UNUSED, and the files of what was used and is not to be kept.

    That is done KEPT_USED after all that was made from it is complete, or was deleted. Gives how many files that were.
    Where the store is away, the next sweep deletes them. Raises Unavailable.
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
