"""What is done with many presentations and with subjects: all of it or nothing, and each can be undone once.

Subjects are locked before presentations, and each of them in order, so that two changes at once do not block each
other for ever. Where a worker's own change gets in between after all, PostgreSQL stops one, which is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from psycopg2.errors import DeadlockDetected
from redis import Redis
from sqlalchemy import Row, Update, delete, func, select, update
from sqlalchemy.orm import Session

from presentations import lifecycle
from presentations.database import Database
from presentations.database.models import CANCELLED, DELETED, PENDING, PROCESSING, UNORGANIZED, Presentation, Subject
from presentations.errors import InvalidRequest, NotFound, Unavailable
from presentations.jobs import PRESENTATIONS, Engine, Entry, admit
from presentations.library.defaults import keep_defaults
from presentations.library.queries import kept_subject, uuid_of
from presentations.library.steps import Steps
from presentations.library.subjects import checked_name, key_of, real_name
from presentations.library.undo import Undone, keep_undo, put_back, take_undo
from presentations.options import MAX_TOPIC
from presentations.telemetry.metrics import ENDED
from presentations.validation import checked_text, shows_nothing

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_AT_ONCE = 500
_TRIES = 3
_MOST_LOGGED = 20
_NO_SUBJECT = "There is no such subject. Look in the list of subjects."
_SHOWN = func.coalesce(Presentation.title, Presentation.topic)


@dataclass(frozen=True)
class Change:
    """What was changed, for a sentence about it: how many, the first one's title, the subject or the new title."""

    undo_id: UUID
    count: int
    title: str
    name: str


class Organiser:
    """Changes to many presentations of one person and to subjects. Every verb raises Unavailable.

    Like the library's, the verbs for presentations take the acting user first, and None for a trusted process; those
    for subjects take the user whose they are.
    """

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine

    @classmethod
    def at(cls, database: Database, redis: Redis) -> Organiser:
        """For a database, with its queue in this Redis."""
        return cls(database, Engine(PRESENTATIONS, database, redis))

    def move(self, user_id: str | None, ids: Sequence[str | UUID], subject: str) -> Change:
        """File presentations under a subject, which is made if need be. Raises InvalidRequest or NotFound."""
        wanted, name = _distinct(ids), checked_name(subject)

        def moved(session: Session) -> Change:
            owner = user_id or _owner(session, wanted)
            kept = kept_subject(session, owner, name)
            rows = _locked(session, owner, wanted)
            new = [row for row in rows if row.subject != kept.key]
            steps = Steps(
                subject_now=kept.key,
                subjects_were=[(str(row.id), row.subject) for row in new],
                names=_names(session, owner, {row.subject for row in new}),
                created=[(kept.key, kept.name)] if kept.is_new else [],
            )
            session.execute(_of([row.id for row in new]).values(subject=kept.key))
            return Change(keep_undo(session, owner, steps), len(rows), _first_title(rows, wanted), kept.name)

        return self._do(moved)

    def rename(self, user_id: str | None, presentation_id: str | UUID, title: str) -> Change:
        """Give a presentation another title; with an empty one it is shown by its topic again.

        Raises InvalidRequest or NotFound.
        """
        is_empty = isinstance(title, str) and shows_nothing(title)
        text = None if is_empty else checked_text("title", title, MAX_TOPIC)

        def renamed(session: Session) -> Change:
            wanted = [uuid_of(presentation_id)]
            owner = user_id or _owner(session, wanted)
            row = _locked(session, owner, wanted)[0]
            session.execute(_of([row.id]).values(title=text))
            steps = Steps(title_now=text, titles_were=[(str(row.id), row.title)])
            return Change(keep_undo(session, owner, steps), 1, row.shown, text or row.topic)

        return self._do(renamed)

    def delete(self, user_id: str | None, ids: Sequence[str | UUID]) -> Change:
        """Mark presentations as deleted; what waits or is being made is cancelled first.

        Raises InvalidRequest or NotFound.
        """
        wanted = _distinct(ids)

        def deleted(session: Session) -> tuple[Change, Sequence[Entry], Sequence[Entry]]:
            owner = user_id or _owner(session, wanted)
            rows = _locked(session, owner, wanted)
            live = [row for row in rows if row.status in (PENDING, PROCESSING)]
            session.execute(lifecycle.CANCEL.of(Presentation.id.in_([row.id for row in live])))
            session.execute(lifecycle.DELETE.of(Presentation.id.in_(wanted)))
            steps = Steps(
                deleted_at=session.scalars(select(func.now())).one().isoformat(),
                deleted=[str(row.id) for row in rows],
                deleted_from=[(str(row.id), row.subject) for row in rows if row.subject != UNORGANIZED],
                names=_names(session, owner, {row.subject for row in rows}),
                were_live=[str(row.id) for row in live],
            )
            change = Change(keep_undo(session, owner, steps), len(rows), _first_title(rows, wanted), "")
            left = [Entry(row.id, row.line_entry) for row in live]
            return change, left, admit(session, owner) if live else []

        change, left, entries = self._do(deleted)
        log.info("%d presentations deleted: %s", change.count, ", ".join(map(str, wanted[:_MOST_LOGGED])))
        ENDED.labels(CANCELLED).inc(len(left))
        self._engine.leave(left)
        self._engine.enter(entries)
        return change

    def create_subject(self, user_id: str, name: str) -> str:
        """Make a subject, if there is none of that name; gives the name it is shown by. Raises InvalidRequest."""
        text = real_name(name, "name")
        return self._do(lambda session: kept_subject(session, user_id, text).name)

    def rename_subject(self, user_id: str, name: str, new_name: str) -> Change:
        """Give a subject another name; under the name of another one, the two become one, with that one's defaults.

        Raises InvalidRequest, or NotFound when there is no such subject.
        """
        text = real_name(new_name, "new_name")
        old, new = _key(name), key_of(text)

        def renamed(session: Session) -> Change:
            were = _locked_subject(session, user_id, old, new)
            if old == new:
                return _respelled(session, user_id, old, were.name, text)
            kept = kept_subject(session, user_id, text)
            if kept.is_new:
                keep_defaults(session, user_id, new, were.defaults)
            created = [(kept.key, kept.name)] if kept.is_new else []
            rows = _emptied(session, user_id, old, new)
            steps = Steps(new, removed=[(old, were.name)], created=created, defaults=were.defaults)
            return _refiled(session, user_id, rows, steps, kept.name)

        return self._do(renamed)

    def delete_subject(self, user_id: str, name: str) -> Change:
        """Delete a subject; its presentations are unorganized again. Raises NotFound."""
        key = _key(name)

        def deleted(session: Session) -> Change:
            were = _locked_subject(session, user_id, key)
            rows = _emptied(session, user_id, key, UNORGANIZED)
            steps = Steps(UNORGANIZED, removed=[(key, were.name)], defaults=were.defaults)
            return _refiled(session, user_id, rows, steps, were.name)

        return self._do(deleted)

    def undo(self, user_id: str, undo_id: str | UUID) -> Undone:
        """Put back what a change did, as far as it is still as the change left it.

        What waited before it was deleted waits again. Raises NotFound for what is not theirs, was used, or is older
        than 10 minutes.
        """

        def undo(session: Session) -> tuple[Undone, Sequence[Entry]]:
            steps = take_undo(session, user_id, undo_id)
            undone = put_back(session, user_id, steps)
            return undone, admit(session, user_id) if steps.were_live else []

        undone, entries = self._do(undo)
        self._engine.enter(entries)
        return undone

    def _do(self, change: Callable[[Session], T]) -> T:
        for last in (*[False] * (_TRIES - 1), True):
            try:
                with self._database.begin() as session:
                    return change(session)
            except Unavailable as error:
                if last or not isinstance(getattr(error.__cause__, "orig", None), DeadlockDetected):
                    raise
        raise AssertionError


def _distinct(ids: Sequence[str | UUID]) -> list[UUID]:
    """The ids, each once. Raises InvalidRequest unless there are 1 to 500, and NotFound for what can be none."""
    distinct = list(dict.fromkeys(map(uuid_of, ids)))
    if not 1 <= len(distinct) <= MOST_AT_ONCE:
        raise InvalidRequest("ids", f"expected 1 to {MOST_AT_ONCE} presentations, got {len(distinct)}")
    return distinct


def _owner(session: Session, ids: Sequence[UUID]) -> str:
    """Whose these presentations are. Raises NotFound unless they are all one person's."""
    query = select(Presentation.user_id).where(Presentation.id.in_(ids), Presentation.status != DELETED).distinct()
    owners = session.scalars(query.limit(2)).all()
    if len(owners) != 1:
        raise NotFound
    return owners[0]


def _key(name: str) -> str:
    try:
        key = key_of(checked_name(name))
    except InvalidRequest:
        key = UNORGANIZED
    if key == UNORGANIZED:
        raise NotFound(_NO_SUBJECT)
    return key


def _of(ids: Sequence[UUID]) -> Update:
    return update(Presentation).where(Presentation.id.in_(ids)).execution_options(synchronize_session=False)


def _locked(session: Session, user_id: str, ids: Sequence[UUID]) -> Sequence[Any]:
    """All of these presentations, by id. Raises NotFound when one is not theirs or deleted."""
    columns = (Presentation.id, Presentation.status, Presentation.subject, Presentation.title, Presentation.topic)
    query = select(*columns, Presentation.line_entry, _SHOWN.label("shown")).where(
        Presentation.id.in_(ids), Presentation.user_id == user_id, Presentation.status != DELETED
    )
    rows = session.execute(query.order_by(Presentation.id).with_for_update(key_share=True)).all()
    if len(rows) < len(ids):
        raise NotFound
    return rows


def _locked_subject(session: Session, user_id: str, key: str, *others: str) -> Row[Any]:
    """The key, name and defaults of a subject. Raises NotFound.

    Nothing is filed under it, or under the others, until the transaction ends.
    """
    query = select(Subject.key, Subject.name, Subject.defaults).where(
        Subject.user_id == user_id, Subject.key.in_([key, *others])
    )
    rows = session.execute(query.order_by(Subject.key).with_for_update()).all()
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        raise NotFound(_NO_SUBJECT)
    return found


def _respelled(session: Session, user_id: str, key: str, were: str, name: str) -> Change:
    session.execute(update(Subject).where(Subject.user_id == user_id, Subject.key == key).values(name=name))
    in_it = (Presentation.user_id == user_id, Presentation.subject == key, Presentation.status != DELETED)
    count = session.scalars(select(func.count()).where(*in_it)).one()
    return Change(keep_undo(session, user_id, Steps(renamed=[(key, were, name)])), count, "", name)


def _emptied(session: Session, user_id: str, key: str, now: str) -> Sequence[Any]:
    """Delete a subject and file all that is in it elsewhere, deleted ones too: they may be restored."""
    in_it = (Presentation.user_id == user_id, Presentation.subject == key)
    session.execute(select(Presentation.id).where(*in_it).order_by(Presentation.id).with_for_update(key_share=True))
    session.execute(delete(Subject).where(Subject.user_id == user_id, Subject.key == key))
    query = update(Presentation).where(*in_it).values(subject=now).execution_options(synchronize_session=False)
    return session.execute(query.returning(Presentation.id, Presentation.status, _SHOWN.label("shown"))).all()


def _refiled(session: Session, user_id: str, rows: Sequence[Any], steps: Steps, name: str) -> Change:
    ((was, _),) = steps.removed
    steps.subjects_were = [(str(row.id), was) for row in rows]
    steps.were_deleted = [str(row.id) for row in rows if row.status == DELETED]
    shown = [row.shown for row in rows if row.status != DELETED]
    return Change(keep_undo(session, user_id, steps), len(shown), shown[0] if shown else "", name)


def _names(session: Session, user_id: str, keys: set[str]) -> list[tuple[str, str]]:
    query = select(Subject.key, Subject.name).where(Subject.user_id == user_id, Subject.key.in_(keys))
    return [(key, name) for key, name in session.execute(query)]


def _first_title(rows: Sequence[Any], ids: Sequence[UUID]) -> str:
    return next(str(row.shown) for row in rows if row.id == ids[0])
