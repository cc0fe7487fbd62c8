"""What can be done with presentations: one set of verbs under the pages, the API, the agent and the command line.

Every verb takes the acting user first. `None` is a trusted process that may act on everybody's; anybody else finds
only what is theirs, and NotFound for all the rest. Every verb raises Unavailable when the database is away.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, case, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from presentations.db import Database
from presentations.errors import InvalidRequest, NotFound
from presentations.line import Entry, Line
from presentations.models import (
    CANCELLED,
    COMPLETE,
    DELETED,
    ERROR,
    PENDING,
    PROCESSING,
    UNORGANIZED,
    Presentation,
    Subject,
)
from presentations.order import DEFAULT_SLIDES, MAX_TOPIC, Order, checked_text, checked_user
from presentations.subjects import checked_name, key_of
from presentations.turns import admit, enter

log = logging.getLogger(__name__)

STATUSES = (PENDING, PROCESSING, COMPLETE, ERROR, CANCELLED)


@dataclass(frozen=True)
class Page:
    """A part of a list, newest first. `next` is the cursor of the part after it, None on the last one."""

    items: list[Presentation]
    next: str | None


@dataclass(frozen=True)
class SubjectCount:
    """A subject and how many finished presentations are filed under it."""

    key: str
    name: str
    count: int


class Library:
    """The presentations in one database, with one line of workers in front of it."""

    def __init__(self, database: Database, line: Line) -> None:
        self.database = database
        self.line = line

    def create(
        self,
        user_id: str | None,
        topic: str,
        n_slides: int = DEFAULT_SLIDES,
        *,
        subject: str | None = None,
        idempotency_key: str | None = None,
        **options: Any,
    ) -> Presentation:
        """Ask for a presentation; it is made in the background.

        `options` are Presenton's language, tone, template, instructions, verbosity and export_as. Asking again with
        the same `idempotency_key` gives the first presentation. Once this returns, it will be made or end with a
        reason, even if Redis is away just now. Raises InvalidRequest.
        """
        owner = checked_user(user_id)
        order = Order.checked(topic, n_slides, **options)
        key = None if idempotency_key is None else checked_text("idempotency_key", idempotency_key, 200)
        name = None if subject is None else checked_name(subject)
        with self.database.begin() as session:
            values = {**asdict(order), "user_id": owner, "idempotency_key": key}
            values["subject"] = _file_under(session, owner, name)
            presentation = _insert(session, values)
            if presentation is None:
                return _by_key(session, owner, key)
            entries = admit(session, owner)
            session.refresh(presentation)
        log.info("presentation %s: asked for by %r, %d slides", presentation.id, owner, order.n_slides)
        self._enter(entries)
        return presentation

    def get(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """One presentation. Raises NotFound."""
        with self.database.begin() as session:
            found = session.scalar(select(Presentation).where(*_of(user_id, presentation_id)))
        return _found(found)

    def list(
        self,
        user_id: str | None,
        *,
        subject: str | None = None,
        status: str | Iterable[str] | None = None,
        text: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page:
        """Presentations, newest first; the part that follows the cursor `after`. Raises InvalidRequest."""
        query = select(Presentation).where(*_whose(user_id), *_filters(subject, status, text))
        if after is not None:
            query = query.where(tuple_(Presentation.created_at, Presentation.id) < _cursor(after))
        query = query.order_by(Presentation.created_at.desc(), Presentation.id.desc())
        with self.database.begin() as session:
            found = list(session.scalars(query.limit(None if limit is None else limit + 1)))
        if limit is None or len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        return Page(found[:limit], f"{last.created_at.isoformat()}_{last.id}")

    def organise(self, user_id: str | None, presentation_id: str | UUID, subject: str) -> Presentation:
        """File a presentation under a subject, by its name; "default" and "Unorganized" stand for none.

        Raises InvalidRequest or NotFound.
        """
        name = checked_name(subject)
        with self.database.begin() as session:
            owner = session.scalar(select(Presentation.user_id).where(*_of(user_id, presentation_id)))
            if owner is None:
                raise NotFound
            return self._change(session, user_id, presentation_id, subject=_file_under(session, owner, name))

    def rename(self, user_id: str | None, presentation_id: str | UUID, title: str) -> Presentation:
        """Give a presentation another name than its topic. Raises InvalidRequest or NotFound."""
        text = checked_text("title", title, MAX_TOPIC)
        with self.database.begin() as session:
            return self._change(session, user_id, presentation_id, title=text)

    def retry(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Have one that failed or was cancelled made after all. Anything else stays as it is. Raises NotFound.

        A task that Presenton may still be working on is taken up again instead of asked for anew.
        """
        with self.database.begin() as session:
            over = Presentation.status.in_((ERROR, CANCELLED))
            self._change(session, user_id, presentation_id, over, **_RETRIED)
            presentation = self._get(session, user_id, presentation_id)
            entries = admit(session, presentation.user_id)
            session.refresh(presentation)
        log.info("presentation %s: asked for again", presentation.id)
        self._enter(entries)
        return presentation

    def cancel(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Stop one that waits or is being made. One that is over stays as it is. Raises NotFound."""
        with self.database.begin() as session:
            left, entries = self._cancel(session, user_id, presentation_id)
            presentation = self._get(session, user_id, presentation_id)
        self._leave(left)
        self._enter(entries)
        return presentation

    def delete(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Mark a presentation as deleted, cancelling it first if need be; restore() undoes it. Raises NotFound."""
        with self.database.begin() as session:
            left, entries = self._cancel(session, user_id, presentation_id)
            marks = {"deleted_from": Presentation.status, "deleted_at": func.now(), "status": DELETED}
            presentation = self._change(session, user_id, presentation_id, **marks)
        log.info("presentation %s: deleted", presentation.id)
        self._leave(left)
        self._enter(entries)
        return presentation

    def restore(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Undo a deletion. One that is not deleted stays as it is. Raises NotFound."""
        with self.database.begin() as session:
            session.execute(
                update(Presentation)
                .where(Presentation.id == _uuid(presentation_id), *_whose(user_id), Presentation.status == DELETED)
                .values(status=Presentation.deleted_from, deleted_at=None, deleted_from=None)
            )
            return self._get(session, user_id, presentation_id)

    def subjects(self, user_id: str) -> Sequence[SubjectCount]:
        """A user's subjects by name, each with the number of finished presentations in it; first the Unorganized."""
        filed = (
            select(Presentation.subject, func.count().label("count"))
            .where(Presentation.user_id == user_id, Presentation.status == COMPLETE)
            .group_by(Presentation.subject)
        )
        named = select(Subject.key, Subject.name).where(Subject.user_id == user_id)
        with self.database.begin() as session:
            counts = {str(row.subject): int(row[1]) for row in session.execute(filed)}
            names = {str(row.key): str(row.name) for row in session.execute(named)}
        keys = sorted(
            (counts.keys() | names.keys()) - {UNORGANIZED}, key=lambda key: (names.get(key) or key).casefold()
        )
        first = SubjectCount(UNORGANIZED, "Unorganized", counts.get(UNORGANIZED, 0))
        return [first, *(SubjectCount(key, names.get(key, key), counts.get(key, 0)) for key in keys)]

    def _get(self, session: Session, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        query = select(Presentation).where(*_of(user_id, presentation_id)).execution_options(populate_existing=True)
        return _found(session.scalar(query))

    def _change(
        self, session: Session, user_id: str | None, presentation_id: str | UUID, *when: ColumnElement[bool], **to: Any
    ) -> Presentation:
        of = (Presentation.id == _uuid(presentation_id), *_whose(user_id))
        query = update(Presentation).where(*of, Presentation.status != DELETED, *when).values(**to)
        changed = session.scalar(query.returning(Presentation).execution_options(populate_existing=True))
        return changed if changed else self._get(session, user_id, presentation_id)

    def _cancel(
        self, session: Session, user_id: str | None, presentation_id: str | UUID
    ) -> tuple[Sequence[Entry], Sequence[Entry]]:
        """The entry that it left the line with, and the entries that may take its place."""
        live = Presentation.status.in_((PENDING, PROCESSING))
        query = update(Presentation).where(*_of(user_id, presentation_id), live).values(**_CANCELLED)
        cancelled = session.execute(
            query.returning(Presentation.id, Presentation.line_entry, Presentation.user_id)
        ).one_or_none()
        if cancelled is None:
            return [], []
        log.info("presentation %s: cancelled", cancelled.id)
        return [Entry(cancelled.id, cancelled.line_entry)], admit(session, cancelled.user_id)

    def _enter(self, entries: Sequence[Entry]) -> None:
        if not enter(self.database, self.line, entries):
            log.warning("Redis cannot be reached: %d presentations are kept and enter the line later", len(entries))

    def _leave(self, entries: Sequence[Entry]) -> None:
        try:
            self.line.remove(entries)
        except RedisError:
            log.warning("Redis cannot be reached: cancelled presentations stay in line and will be passed over")


_CANCELLED: dict[str, Any] = {
    "status": CANCELLED,
    "ended_at": func.now(),
    "queued_at": None,
    "lease_owner": None,
    "lease_until": None,
    "message": None,
}

_RETRIED: dict[str, Any] = {
    "status": PENDING,
    "asked_at": func.now(),
    "started_at": None,
    "ended_at": None,
    "message": None,
    "error": None,
    "error_detail": None,
    "claims": 0,
    "attempts": 0,
    "fault_since": None,
    "progress_at": func.now(),
    # A task taken up again gets its time anew.
    "submit_started_at": case((Presentation.presenton_task_id.is_not(None), func.now())),
}


def _insert(session: Session, values: dict[str, Any]) -> Presentation | None:
    """The new row, or None when the user's idempotency key is taken."""
    query = insert(Presentation).values(**values)
    if values["idempotency_key"] is not None:
        query = query.on_conflict_do_nothing(
            index_elements=["user_id", "idempotency_key"], index_where=Presentation.idempotency_key.is_not(None)
        )
    return session.scalar(query.returning(Presentation))


def _by_key(session: Session, user_id: str, key: str | None) -> Presentation:
    query = select(Presentation).where(Presentation.user_id == user_id, Presentation.idempotency_key == key)
    return session.scalars(query).one()


def _file_under(session: Session, user_id: str, name: str | None) -> str:
    """The key of a subject, whose name is kept as first typed."""
    key = UNORGANIZED if name is None else key_of(name)
    if key != UNORGANIZED:
        session.execute(insert(Subject).values(user_id=user_id, key=key, name=name).on_conflict_do_nothing())
    return key


def _uuid(presentation_id: str | UUID) -> UUID:
    try:
        return presentation_id if isinstance(presentation_id, UUID) else UUID(str(presentation_id))
    except ValueError:
        raise NotFound from None


def _whose(user_id: str | None) -> list[ColumnElement[bool]]:
    return [] if user_id is None else [Presentation.user_id == user_id]


def _of(user_id: str | None, presentation_id: str | UUID) -> list[ColumnElement[bool]]:
    return [Presentation.id == _uuid(presentation_id), Presentation.status != DELETED, *_whose(user_id)]


def _found(presentation: Presentation | None) -> Presentation:
    if presentation is None:
        raise NotFound
    return presentation


def _filters(subject: str | None, status: str | Iterable[str] | None, text: str | None) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [Presentation.status != DELETED]
    if subject is not None:
        filters.append(Presentation.subject == key_of(checked_name(subject)))
    if status is not None:
        filters.append(Presentation.status.in_(_statuses(status)))
    if text is not None and text.strip():
        shown = func.coalesce(Presentation.title, Presentation.topic)
        filters.append(shown.icontains(checked_text("text", text, MAX_TOPIC), autoescape=True))
    return filters


def _statuses(status: str | Iterable[str]) -> list[str]:
    words = [status] if isinstance(status, str) else list(status)
    for word in words:
        if word not in STATUSES:
            raise InvalidRequest("status", f"expected one of {', '.join(STATUSES)}")
    return words


def _cursor(text: str) -> tuple[datetime, UUID]:
    time, _, last_id = text.partition("_")
    try:
        return datetime.fromisoformat(time), UUID(last_id)
    except ValueError:
        raise InvalidRequest("after", "expected a cursor from an earlier page") from None
