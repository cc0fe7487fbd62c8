"""Undo: what a change made of what, and how as much of it as is still so is put back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database.models import CANCELLED, DELETED, UNORGANIZED, Presentation, Subject, Undo
from presentations.errors import NotFound
from presentations.library.queries import uuid_of

UNDO_LIFE = timedelta(minutes=10)
_GONE = (
    "This can no longer be undone: it was undone already, or is older than 10 minutes. Look at the presentations "
    "themselves, and change by hand what is not as it should be."
)


@dataclass
class Steps:
    """One change, as it is kept in presentation_undos. Ids and times are text; a subject is its key and its name."""

    subject_now: str | None = None
    subjects_were: list[tuple[str, str]] = field(default_factory=list)
    title_now: str | None = None
    titles_were: list[tuple[str, str | None]] = field(default_factory=list)
    deleted_at: str | None = None
    deleted: list[str] = field(default_factory=list)
    were_live: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    created: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)


def keep_undo(session: Session, user_id: str, steps: Steps) -> UUID:
    """The id by which a change can be undone."""
    return session.scalars(insert(Undo).values(user_id=user_id, steps=asdict(steps)).returning(Undo.id)).one()


def take_undo(session: Session, user_id: str, undo_id: str | UUID) -> Steps:
    """The steps of a change, which cannot be had again. Raises NotFound."""
    try:
        wanted = uuid_of(undo_id)
    except NotFound:
        raise NotFound(_GONE) from None
    theirs = (Undo.id == wanted, Undo.user_id == user_id, Undo.made_at > func.now() - UNDO_LIFE)
    steps = session.scalar(delete(Undo).where(*theirs).returning(Undo.steps))
    if steps is None:
        raise NotFound(_GONE)
    return Steps(**steps)


def put_back(session: Session, user_id: str, steps: Steps) -> int:
    """Put back what is still as the change left it. Gives how many presentations and subjects that were."""
    _lock(session, user_id, steps)
    subjects = _subjects_back(session, user_id, steps)
    rows: list[Any] = [
        *session.execute(SUBJECTS_BACK, _columns(user_id, steps.subjects_were) | {"now": steps.subject_now}),
        *session.execute(_TITLES_BACK, _columns(user_id, steps.titles_were) | {"now": steps.title_now}),
        *_deleted_back(session, user_id, steps),
    ]
    names = dict([*steps.names, *steps.removed])
    # A subject may have been deleted since its presentations were moved away.
    _make(session, user_id, [(key, names[key]) for key in {row.was for row in rows} & names.keys()])
    for key, name in steps.created:
        in_it = exists().where(Presentation.user_id == user_id, Presentation.subject == key)
        session.execute(delete(Subject).where(*_subject(user_id, key, name), ~in_it))
    return subjects + len([row for row in rows if row.status != DELETED])


def _lock(session: Session, user_id: str, steps: Steps) -> None:
    keys = [step[0] for step in (*steps.created, *steps.removed, *steps.renamed, *steps.names)]
    subjects = select(Subject.key).where(Subject.user_id == user_id, Subject.key.in_(keys)).order_by(Subject.key)
    session.execute(subjects.with_for_update())
    ids = [*(step[0] for step in (*steps.subjects_were, *steps.titles_were)), *steps.deleted]
    session.execute(_LOCK, {"ids": ids})


def _subjects_back(session: Session, user_id: str, steps: Steps) -> int:
    count = len(_make(session, user_id, steps.removed))
    for key, was, now in steps.renamed:
        renamed = update(Subject).where(*_subject(user_id, key, now)).values(name=was).returning(Subject.key)
        count += len(session.scalars(renamed).all())
    return count


def _make(session: Session, user_id: str, subjects: Iterable[tuple[str, str]]) -> Sequence[str]:
    """Make those subjects that there are not; gives their keys."""
    values = [{"user_id": user_id, "key": key, "name": name} for key, name in subjects if key != UNORGANIZED]
    if not values:
        return []
    query = insert(Subject).values(values).on_conflict_do_nothing()
    return session.scalars(query.returning(Subject.key)).all()


def _deleted_back(session: Session, user_id: str, steps: Steps) -> Sequence[Any]:
    if steps.deleted_at is None:
        return []
    still = Presentation.deleted_at == datetime.fromisoformat(steps.deleted_at)
    theirs = (Presentation.id.in_(map(UUID, steps.deleted)), Presentation.user_id == user_id)
    back = lifecycle.RESTORE.of(*theirs, still)
    rows = session.execute(
        back.returning(Presentation.id, Presentation.status, Presentation.subject.label("was"))
    ).all()
    live = {UUID(each) for each in steps.were_live} & {row.id for row in rows}
    session.execute(lifecycle.RETRY.of(Presentation.id.in_(live), Presentation.status == CANCELLED))
    return rows


def _subject(user_id: str, key: str, name: str) -> list[ColumnElement[bool]]:
    return [Subject.user_id == user_id, Subject.key == key, Subject.name == name]


def _columns(user_id: str, rows: Sequence[tuple[str, str | None]]) -> dict[str, object]:
    return {"user_id": user_id, "ids": [row[0] for row in rows], "were": [row[1] for row in rows]}


_LOCK = text("""
    SELECT id FROM presentation_jobs WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE
""")

SUBJECTS_BACK = text("""
    UPDATE presentation_jobs AS job SET subject = step.was
    FROM unnest(CAST(:ids AS uuid[]), CAST(:were AS text[])) AS step (id, was)
    WHERE job.id = step.id AND job.user_id = :user_id AND job.subject = :now
    RETURNING step.was, job.status
""")

_TITLES_BACK = text("""
    UPDATE presentation_jobs AS job SET title = step.was
    FROM unnest(CAST(:ids AS uuid[]), CAST(:were AS text[])) AS step (id, was)
    WHERE job.id = step.id AND job.user_id = :user_id AND job.title IS NOT DISTINCT FROM :now
    RETURNING step.was, job.status
""")
