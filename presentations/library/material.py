"""Which uploads a presentation is made from."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from presentations.database.models import Material, Presentation, Upload
from presentations.errors import InvalidRequest, shown
from presentations.options import MAX_FILES


def usable_uploads(session: Session, user_id: str, file_ids: Sequence[object]) -> list[Upload]:
    """These uploads of a user's, in this order, which stay until the transaction is over. Raises InvalidRequest."""
    if len(file_ids) > MAX_FILES:
        raise InvalidRequest("file_ids", f"expected at most {MAX_FILES} files, got {len(file_ids)}")
    wanted = [_id_of(one) for one in file_ids]
    query = _there(user_id, wanted).with_for_update(read=True, key_share=True)
    found = {one.id: one for one in session.scalars(query)}
    for one in wanted:
        if one not in found:
            raise InvalidRequest("file_ids", f"there is no file {shown(str(one))}, or no longer: give it again")
    return [found[one] for one in dict.fromkeys(wanted)]


def usable_of(session: Session, user_id: str, file_ids: Sequence[str]) -> list[Upload]:
    """Those of these uploads of a user's that are still there, in this order."""
    wanted = [one for one in map(_known_id, file_ids) if one]
    found = {str(one.id): one for one in session.scalars(_there(user_id, wanted))}
    return [found[one] for one in dict.fromkeys(file_ids) if one in found]


def attach(session: Session, presentation: Presentation, uploads: Sequence[Upload]) -> None:
    """Have a presentation made from these uploads, and from no others."""
    session.execute(delete(Material).where(Material.presentation_id == presentation.id))
    rows = [
        {"presentation_id": presentation.id, "position": position, "upload_id": upload.id}
        for position, upload in enumerate(uploads, 1)
    ]
    if rows:
        session.execute(insert(Material), rows)


def material_of(session: Session, presentation_id: UUID) -> Sequence[Upload]:
    """What a presentation is made from, in its order; what was deleted, too."""
    query = select(Upload).join(Material, Material.upload_id == Upload.id)
    return session.scalars(query.where(Material.presentation_id == presentation_id).order_by(Material.position)).all()


def _there(user_id: str, ids: Sequence[UUID]) -> Select[Upload]:
    return select(Upload).where(Upload.id.in_(ids), Upload.user_id == user_id, Upload.deleted_at.is_(None))


def _known_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _id_of(value: object) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise InvalidRequest("file_ids", f"expected ids of files, got {shown(value)}") from None
