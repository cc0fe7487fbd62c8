"""Undo: a change is kept for a while, and as much of it as is still so is put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database.models import CANCELLED, DELETED, UNORGANIZED, Presentation, Subject, Undo
from presentations.errors import NotFound
from presentations.library.defaults import keep_defaults
from presentations.library.queries import kept_subject, uuid_of
from presentations.library.steps import Did, Part, Plan, Stands, Steps, Why, plan_of, subject_name

UNDO_LIFE = timedelta(minutes=10)
_GONE = (
    "This can no longer be undone: it was undone already, or is older than 10 minutes. Look at the presentations "
    "themselves, and change by hand what is not as it should be."
)


@dataclass(frozen=True)
class Undone:
    """What undoing a change did, and what it left as it is, because that has changed since."""

    did: list[Part]
    left: list[Part]

    @property
    def count(self) -> int:
        """How many presentations and subjects were put back."""
        return len([part for part in self.did if part.what is not Did.SUBJECT_REMOVED])


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


def put_back(session: Session, user_id: str, steps: Steps) -> Undone:
    """Put back what is still as the change left it."""
    stands, subjects = _locked(session, user_id, steps)
    plan = plan_of(steps, stands, subjects)
    did = [
        *_subjects_back(session, user_id, plan, steps),
        *_moved_back(session, plan, stands, subjects | plan.make),
        *_renamed_back(session, plan, stands),
        *_restored(session, plan, steps, stands, subjects),
    ]
    ended = list(_without_what_it_made(session, user_id, plan, steps, subjects))
    did += [part for part in ended if isinstance(part.what, Did)]
    return Undone(did, plan.left + [part for part in ended if isinstance(part.what, Why)])


def _locked(session: Session, user_id: str, steps: Steps) -> tuple[dict[str, Stands], dict[str, str]]:
    """How the presentations of a change stand, by id, and how the user's subjects are named, by key."""
    theirs = Subject.user_id == user_id
    keys = [step[0] for step in (*steps.created, *steps.removed, *steps.renamed, *steps.names)]
    session.execute(select(Subject.key).where(theirs, Subject.key.in_(keys)).order_by(Subject.key).with_for_update())
    ids = [*(step[0] for step in (*steps.subjects_were, *steps.titles_were)), *steps.deleted]
    rows = session.execute(_LOCK, {"ids": ids, "user_id": user_id}).mappings()
    stands = {row["id"]: Stands(**row) for row in rows}
    names = dict(session.execute(select(Subject.key, Subject.name).where(theirs)).all())
    return stands, names


def _subjects_back(session: Session, user_id: str, plan: Plan, steps: Steps) -> Iterator[Part]:
    for key, name in plan.make.items():
        if kept_subject(session, user_id, name).is_new:
            if key in dict(steps.removed):
                keep_defaults(session, user_id, key, steps.defaults)
            yield Part(Did.SUBJECT_MADE, name)
    for key, name in plan.respell.items():
        session.execute(update(Subject).where(Subject.user_id == user_id, Subject.key == key).values(name=name))
        yield Part(Did.SUBJECT_RENAMED, name)


def _moved_back(
    session: Session, plan: Plan, stands: Mapping[str, Stands], subjects: Mapping[str, str]
) -> Iterator[Part]:
    session.execute(REFILE, {"ids": list(plan.refile), "keys": list(plan.refile.values())})
    for id_, key in plan.refile.items():
        if not stands[id_].is_deleted:
            yield Part(Did.MOVED, stands[id_].shown, subject_name(key, subjects), id_)


def _renamed_back(session: Session, plan: Plan, stands: Mapping[str, Stands]) -> Iterator[Part]:
    for id_, title in plan.retitle.items():
        session.execute(update(Presentation).where(Presentation.id == UUID(id_)).values(title=title))
        yield Part(Did.RENAMED, stands[id_]._replace(title=title).shown, id=id_)


def _restored(
    session: Session, plan: Plan, steps: Steps, stands: Mapping[str, Stands], subjects: Mapping[str, str]
) -> Iterator[Part]:
    session.execute(lifecycle.RESTORE.of(Presentation.id.in_(map(UUID, plan.restore))))
    live = Presentation.id.in_(UUID(id_) for id_ in plan.restore if id_ in steps.were_live)
    retried = lifecycle.RETRY.of(live, Presentation.status == CANCELLED).returning(Presentation.id)
    waiting = set(map(str, session.scalars(retried)))
    for id_ in plan.restore:
        place = subject_name(plan.refile.get(id_, stands[id_].subject), subjects)
        yield Part(Did.WAITING if id_ in waiting else Did.RESTORED, stands[id_].shown, place, id_)


def _without_what_it_made(
    session: Session, user_id: str, plan: Plan, steps: Steps, subjects: Mapping[str, str]
) -> Iterator[Part]:
    """The subjects that the change made go again, unless they are used or have got another name or other defaults.

    What was deleted is not seen in them; it becomes unorganized, as when a teacher deletes a subject.
    """
    for key, name in plan.remove.items():
        in_it = (Presentation.user_id == user_id, Presentation.subject == key)
        is_used = exists().where(*in_it, Presentation.status != DELETED)
        made = (Subject.user_id == user_id, Subject.key == key, Subject.name == name)
        is_as_made = Subject.defaults == steps.defaults
        if session.scalar(delete(Subject).where(*made, is_as_made, ~is_used).returning(Subject.key)):
            session.execute(update(Presentation).where(*in_it).values(subject=UNORGANIZED))
            yield Part(Did.SUBJECT_REMOVED, name)
        elif key in subjects:
            yield Part(Why.SUBJECT_USED if subjects[key] == name else Why.SUBJECT_RENAMED, subjects[key])


_LOCK = text("""
    SELECT CAST(id AS text) AS id, status, subject, title, topic, deleted_at FROM presentation_jobs
    WHERE id = ANY (CAST(:ids AS uuid[])) AND user_id = :user_id
    ORDER BY presentation_jobs.id FOR NO KEY UPDATE
""")

REFILE = text("""
    UPDATE presentation_jobs AS job SET subject = step.key
    FROM unnest(CAST(:ids AS uuid[]), CAST(:keys AS text[])) AS step (id, key) WHERE job.id = step.id
""")
