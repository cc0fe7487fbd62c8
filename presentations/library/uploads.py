"""What can be done with a teacher's material: given, looked at, kept, removed.

Every verb takes the acting user first, as those of presentations/library/library.py do.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from presentations.database import Database, Lock, lock
from presentations.database.models import PENDING, PROCESSING, Presentation, Upload
from presentations.database.models import Material as MadeFrom
from presentations.errors import Conflicting, InvalidRequest, NotFound
from presentations.files import Store, StoreError, put_upload, upload_prefix
from presentations.folders import passing_folder
from presentations.library.kept_until import KEPT_UNTIL
from presentations.library.material import material_of, usable_of
from presentations.library.queries import one_of, uploads_of
from presentations.library.quota import QuotaReached, bytes_used
from presentations.material import Material, in_utf8
from presentations.validation import checked_user

log = logging.getLogger(__name__)

# So that nobody's quota is used up by the number of rows instead of by their bytes.
MAX_UPLOADS = 1000

_NO_SUCH_FILE = "There is no such file, or no longer. Look in the list of your files, or give it again."
_IN_USE = "Slides are being made from this file just now. Wait until they are done, or cancel them, and then remove it."


class Uploads:
    """The uploads in one database and one store. `quota_bytes` may be there of each teacher's, with the decks
    that they upload."""

    def __init__(self, database: Database, store: Store, quota_bytes: int) -> None:
        self.database = database
        self._store = store
        self._quota = quota_bytes

    def add(self, user_id: str | None, material: Material, path: Path) -> Upload:
        """Keep the file at `path`, which was found to be `material`; a text is kept in UTF-8.

        Raises InvalidRequest (as QuotaReached, too), StoreAway, and OSError when it cannot be read.
        """
        owner, upload_id = checked_user(user_id), uuid4()
        with passing_folder() as folder:
            file = in_utf8(path, material.encoding, Path(folder))
            with self.database.single() as session:  # before the store is troubled
                self._check_room(session, owner, material.name, file.stat().st_size)
            sha256, size = put_upload(self._store, upload_id, file)
        values = {"name": material.name, "kind": material.kind, "pages": material.pages, "size": size}
        upload = Upload(id=upload_id, user_id=owner, sha256=sha256, **values)
        try:
            with self.database.begin() as session:
                lock(session, Lock.COUNT_UPLOADS, owner)
                self._check_room(session, owner, material.name, size)
                session.add(upload)
                session.flush()
                session.refresh(upload)
        except BaseException:
            self._delete_file(upload_id)
            raise
        log.info("upload %s: given by %r, a %s of %d bytes", upload_id, owner, material.kind, size)
        return upload

    def get(self, user_id: str | None, upload_id: str | UUID) -> Upload:
        """One that is there. Raises NotFound."""
        with self.database.single() as session:
            return self._found(session.scalar(select(Upload).where(*_one_of(user_id, upload_id))))

    def list(self, user_id: str | None) -> Sequence[Upload]:
        """Those that are there, newest first."""
        query = select(Upload).where(*uploads_of(user_id)).order_by(Upload.created_at.desc(), Upload.id)
        with self.database.single() as session:
            return session.scalars(query).all()

    def of(self, user_id: str | None, presentation_id: str | UUID) -> Sequence[Upload]:
        """What a presentation is made from, in its order; those whose file was deleted, too. Raises NotFound."""
        with self.database.begin() as session:
            found = session.scalar(select(Presentation.id).where(*one_of(user_id, presentation_id)))
            if found is None:
                raise NotFound
            return material_of(session, found)

    def usable(self, user_id: str, file_ids: Sequence[str]) -> Sequence[Upload]:
        """Those of these that are there, in this order: what is no id of one is passed over."""
        with self.database.single() as session:
            return usable_of(session, user_id, file_ids)

    def usage(self, user_id: str | None) -> tuple[int, int]:
        """How many bytes count, decks that were uploaded among them, and how many may be there. See bytes_used()."""
        with self.database.single() as session:
            return bytes_used(session, user_id), self._quota

    def kept_until(self, uploads: Sequence[Upload]) -> Mapping[UUID, datetime]:
        """When the time of each of these is over, which their user has been shown: of those whose time has an end."""
        query = select(Upload.id, KEPT_UNTIL).where(Upload.id.in_([one.id for one in uploads]), KEPT_UNTIL.is_not(None))
        with self.database.single() as session:
            return dict(session.execute(query.where(Upload.deleted_at.is_(None))).all())

    def keep(self, user_id: str | None, upload_id: str | UUID, is_kept: bool) -> Upload:
        """Say whether it stays for as long as what is made from it. Raises NotFound."""
        with self.database.begin() as session:
            upload = self._found(session.scalar(select(Upload).where(*_one_of(user_id, upload_id)).with_for_update()))
            upload.is_kept = is_kept
            return upload

    def remove(self, user_id: str | None, upload_id: str | UUID) -> None:
        """Delete its file, and its row unless a presentation names it. Where the store is away, a sweep does the rest.

        Raises NotFound, or Conflicting while something is to be made from it.
        """
        with self.database.begin() as session:
            # Once it is locked, no presentation can begin to name it: see usable_uploads().
            upload = self._found(session.scalar(select(Upload).where(*_one_of(user_id, upload_id)).with_for_update()))
            named = exists().where(MadeFrom.upload_id == upload.id)
            needed = named.where(MadeFrom.presentation_id == Presentation.id, _is_to_be_made())
            if session.scalar(select(needed)):
                raise Conflicting(_IN_USE)
            if session.scalar(select(named)):
                upload.deleted_at = func.now()
            else:
                session.delete(upload)
        self._delete_file(upload.id)

    def _check_room(self, session: Session, owner: str, name: str, size: int) -> None:
        number = session.scalars(select(func.count()).select_from(Upload).where(*uploads_of(owner))).one()
        if number >= MAX_UPLOADS:
            raise InvalidRequest(
                "file", f"you have {number:,} files, which is the most: remove some, and give it again"
            )
        used = bytes_used(session, owner)
        if used + size > self._quota:
            raise QuotaReached(name, size, used, self._quota)

    def _delete_file(self, upload_id: UUID) -> None:
        try:
            self._store.delete_all(upload_prefix(upload_id))
        except StoreError as error:
            log.warning("the file of upload %s is left for the sweep: %s", upload_id, error.reason)

    @staticmethod
    def _found(upload: Upload | None) -> Upload:
        if upload is None:
            raise NotFound(_NO_SUCH_FILE)
        return upload


def _one_of(user_id: str | None, upload_id: str | UUID) -> list[ColumnElement[bool]]:
    try:
        wanted = upload_id if isinstance(upload_id, UUID) else UUID(str(upload_id))
    except ValueError:
        raise NotFound(_NO_SUCH_FILE) from None
    return [Upload.id == wanted, *uploads_of(user_id)]


def _is_to_be_made() -> ColumnElement[bool]:
    return Presentation.status.in_((PENDING, PROCESSING))
