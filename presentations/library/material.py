"""Which uploads a presentation is made from."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from presentations.database.models import Material, Presentation, Upload
from presentations.errors import Conflicting, InvalidRequest, shown
from presentations.library.queries import uploads_of
from presentations.options import MAX_FILES, GenerationRequest


class MaterialGone(Conflicting):
    """A presentation cannot be made again as it was: of what it is made from, files of these names are gone."""

    def __init__(self, names: Sequence[str]) -> None:
        files = "a file that is" if len(names) == 1 else "files that are"
        said = ", ".join(f"“{name}”" for name in names)
        super().__init__(
            f"This was to be made from {files} no longer kept: {said}. Edit it, or ask for another, and give "
            f"{'it' if len(names) == 1 else 'them'} once more, or do without."
        )


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


def attach(session: Session, presentation_id: UUID, uploads: Sequence[Upload]) -> None:
    """Have a presentation made from these uploads, and from no others."""
    session.execute(delete(Material).where(Material.presentation_id == presentation_id))
    rows = [
        {"presentation_id": presentation_id, "position": position, "upload_id": upload.id}
        for position, upload in enumerate(uploads, 1)
    ]
    if rows:
        session.execute(insert(Material), rows)


def material_of(session: Session, presentation_id: UUID) -> Sequence[Upload]:
    """What a presentation is made from, in its order; what was deleted, too."""
    query = select(Upload).join(Material, Material.upload_id == Upload.id)
    return session.scalars(query.where(Material.presentation_id == presentation_id).order_by(Material.position)).all()


def lacking(presentation: Presentation, material: Sequence[Upload]) -> list[str]:
    """The names of those files that it would be made from again and that are gone.

    Its text and its outline have to be loaded: what has an outline, or slides of its own, needs no files any more.
    """
    gone = [one.name for one in material if one.deleted_at is not None]
    if not gone or presentation.outline is not None or GenerationRequest.of(presentation).slides is not None:
        return []
    return gone


def check_material(session: Session, presentation: Presentation) -> None:
    """Raise MaterialGone where it lacks files; what it names stays until the transaction is over. As for lacking()."""
    named = select(Material.upload_id).where(Material.presentation_id == presentation.id)
    session.execute(select(Upload.id).where(Upload.id.in_(named)).with_for_update(read=True, key_share=True))
    if names := lacking(presentation, material_of(session, presentation.id)):
        raise MaterialGone(names)


def _there(user_id: str, ids: Sequence[UUID]) -> Select[Upload]:
    return select(Upload).where(Upload.id.in_(ids), *uploads_of(user_id))


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
