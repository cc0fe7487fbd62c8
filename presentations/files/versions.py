"""The versions of each deck, and the rows that name its files: the newest ten, of which one is shown.

What no row names any more is swept out of the store by presentations/operations/sweep.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from presentations.database.models import KeptFile, Presentation, Slide, Version

KEPT_VERSIONS = 10

GENERATED = "generated"
EDITED = "edited"
UPLOADED = "uploaded"
RESTORED = "restored"

PRESENTON = "presenton"
UPLOAD = "upload"
OFFICE = "office"


@dataclass(frozen=True)
class Stored:
    """A file that is in the store under its presentation: its kind, its size in bytes, its hash, and who made it."""

    kind: str
    size: int
    sha256: str
    origin: str


def add_version(session: Session, presentation_id: UUID, origin: str, file: Stored) -> int | None:
    """Show this file as the newest version from now on; gives its number.

    The same file again is the same version. None where the presentation is gone.
    """
    if not _locked(session, presentation_id):
        return None
    newest = _newest(session, presentation_id)
    same = session.get(KeptFile, (presentation_id, newest, file.kind)) if newest else None
    if same and same.sha256 == file.sha256:
        show(session, presentation_id, newest)
        return newest
    number = newest + 1
    session.add(Version(presentation_id=presentation_id, number=number, origin=origin))
    session.flush()
    add_file(session, presentation_id, number, file)
    _forget_old(session, presentation_id, number)
    show(session, presentation_id, number)
    return number


def add_file(session: Session, presentation_id: UUID, number: int, file: Stored) -> None:
    """Keep one more kind of file with a version, in place of one that was there."""
    kept = {"presentation_id": presentation_id, "version": number, "kind": file.kind}
    session.execute(delete(KeptFile).filter_by(**kept))
    session.execute(insert(KeptFile).values(**kept, size=file.size, sha256=file.sha256, origin=file.origin))


def bring_back(session: Session, presentation_id: UUID, number: int) -> int | None:
    """Show an older version again, as a new one with the same files; gives its number. None: there is no such one."""
    if not _locked(session, presentation_id):
        return None
    old = session.get(Version, (presentation_id, number))
    newest = _newest(session, presentation_id)
    if old is None:
        return None
    again = newest + 1
    same = ("slides", "words_problem", "pdf_problem", "pictures_problem", "prepared_at")
    session.add(
        Version(
            presentation_id=presentation_id,
            number=again,
            origin=RESTORED,
            restored_from=old.restored_from or number,
            **{name: getattr(old, name) for name in same},
        )
    )
    session.flush()
    _copy(session, KeptFile, presentation_id, number, again)
    _copy(session, Slide, presentation_id, number, again)
    _forget_old(session, presentation_id, again)
    show(session, presentation_id, again)
    return again


def show(session: Session, presentation_id: UUID, number: int) -> None:
    """Have pages show this version from now on."""
    session.execute(update(Presentation).where(Presentation.id == presentation_id).values(version=number))
    show_changes(session, presentation_id)


def show_changes(session: Session, presentation_id: UUID) -> None:
    """Have pages look anew at what is kept. The first slide of the version that is shown is the cover.

    Until there is a picture of it, that of another version is better than none.
    """
    of_one = Slide.presentation_id == presentation_id
    first = select(Slide.small_sha256).where(of_one, Slide.version == Presentation.version, Slide.number == 1)
    before = select(Slide.small_sha256).where(of_one, Slide.small_sha256 == Presentation.cover).limit(1)
    covers = (query.correlate(Presentation).scalar_subquery() for query in (first, before))
    session.execute(
        update(Presentation)
        .where(Presentation.id == presentation_id)
        .values(cover=func.coalesce(*covers), prepared_at=func.clock_timestamp())
    )


def _locked(session: Session, presentation_id: UUID) -> bool:
    query = select(Presentation.id).where(Presentation.id == presentation_id).with_for_update()
    return session.scalar(query) is not None


def _newest(session: Session, presentation_id: UUID) -> int:
    query = select(func.max(Version.number)).where(Version.presentation_id == presentation_id)
    return session.scalar(query) or 0


def _copy(session: Session, part: type[KeptFile] | type[Slide], presentation_id: UUID, number: int, again: int) -> None:
    columns = {column.key: column for column in part.__table__.columns} | {"version": literal(again)}
    same = select(*columns.values()).where(part.presentation_id == presentation_id, part.version == number)
    session.execute(insert(part).from_select(list(columns), same))


def _forget_old(session: Session, presentation_id: UUID, newest: int) -> None:
    """The newest ten stay. Files go with them, and pictures."""
    old = (Version.presentation_id == presentation_id, Version.number <= newest - KEPT_VERSIONS)
    session.execute(delete(Version).where(*old))
