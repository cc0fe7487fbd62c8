"""What can be done with presentations: one set of verbs under the pages, the API, the agent and the command line.

Every verb takes the acting user first. `None` is a trusted process that may act on everybody's; anybody else finds
only what is theirs, and NotFound for all the rest. Every verb raises Unavailable when the database is away.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from redis import Redis
from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session, undefer

from presentations import lifecycle
from presentations.accounts import check_active
from presentations.database import Database, Transition
from presentations.database.models import CANCELLED, ERROR, UNORGANIZED, Event, Presentation, Slide
from presentations.errors import InvalidRequest, LimitReached, NotFound
from presentations.jobs import (
    PRESENTATIONS,
    Asked,
    Engine,
    Entry,
    Outlook,
    admit,
    ask,
    ask_in,
    check_room,
    no_room,
    outlook_for,
)
from presentations.library.defaults import Defaults, Filled, Requested
from presentations.library.material import attach, check_material, usable_uploads
from presentations.library.queries import (
    grades_of,
    has_key,
    in_title,
    kept_subject,
    matching,
    on_slide,
    one_of,
    owned_by,
    words_of,
)
from presentations.library.sections import (
    Section,
    SubjectCount,
    counts_of,
    sections_of,
    subjects_of,
)
from presentations.library.sorting import NEWEST, Page, after_cursor, checked_sort, in_order, page_of
from presentations.library.subjects import checked_name, key_of
from presentations.library.templates import check_offered, has_outlines, known_templates, may_search, wants_offered
from presentations.material import title_of
from presentations.options import DEFAULT_SLIDES, GenerationRequest
from presentations.telemetry.logs import request_id
from presentations.telemetry.metrics import ENDED, ENQUEUE
from presentations.validation import checked_id, checked_user

if TYPE_CHECKING:
    from presentations.presenton import Template

log = logging.getLogger(__name__)


class Library:
    """The presentations in one database, with one line of workers in front of it."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self.database = database
        self.engine = engine
        self._defaults = Defaults(database)

    @classmethod
    def at(cls, database: Database, redis: Redis) -> Library:
        """The library in a database, with its queue in this Redis."""
        return cls(database, Engine(PRESENTATIONS, database, redis))

    def request(
        self,
        user_id: str | None,
        topic: str | None = None,
        n_slides: int | None = None,
        *,
        subject: str | None = None,
        idempotency_key: str | None = None,
        file_ids: Sequence[object] = (),
        **options: Any,
    ) -> Requested:
        """Ask for a presentation; it is made in the background.

        `options` are the others of presentations.options.OPTIONS; those that are not there, and `n_slides` where that
        is None, are as is usual for the subject, and else as they come. `file_ids` are the uploads that it is made
        from; without a topic, the name of the first is what it is about. Asking again with the same `idempotency_key`
        gives the first presentation, whatever has become usual since. Once this returns, it will be made or end with a
        reason, even if Redis is away just now. Raises InvalidRequest, also as LimitReached.
        """
        with ENQUEUE.time():
            return self._request(user_id, subject, idempotency_key, file_ids, _said(options, topic, n_slides))

    def create(
        self, user_id: str | None, topic: str | None = None, n_slides: int | None = None, **options: Any
    ) -> Presentation:
        """request(), for whoever need not be told what became of the subject's defaults."""
        return self.request(user_id, topic, n_slides, **options).presentation

    def _request(
        self,
        user_id: str | None,
        subject: str | None,
        idempotency_key: str | None,
        file_ids: Sequence[object],
        options: dict[str, Any],
    ) -> Requested:
        owner = checked_user(user_id)
        name = None if subject is None else checked_name(subject)
        filled = self._filled(owner, name, file_ids, options)
        key = None if idempotency_key is None else checked_id("idempotency_key", idempotency_key, 200)
        request = filled.request
        self._check_offered(owner, key, request)
        values = {**request.values, "user_id": owner, "idempotency_key": key, "request_id": request_id()}
        row = {**values, "subject": UNORGANIZED if name is None else key_of(name)}
        asked = self._asked_with(owner, row, name, file_ids) if file_ids else ask(self.database, row, name)
        if asked is None:
            raise self._refusal(owner)
        if asked.is_new:
            log.info("presentation %s: asked for by %r, %d slides", asked.id, owner, request.n_slides)
        if asked.entry:
            self.engine.enter([asked.entry])
        return Requested.of(asked, filled)

    def check(
        self,
        user_id: str | None,
        topic: str | None = None,
        n_slides: int | None = None,
        *,
        subject: str | None = None,
        file_ids: Sequence[object] = (),
        **options: Any,
    ) -> Filled:
        """What create() would ask for. Raises InvalidRequest as that; whether one more may wait is not looked at."""
        owner = checked_user(user_id)
        name = None if subject is None else checked_name(subject)
        filled = self._filled(owner, name, file_ids, _said(options, topic, n_slides))
        self._check_offered(owner, None, filled.request)
        if file_ids:
            with self.database.single() as session:
                usable_uploads(session, owner, file_ids)
        return filled

    def get(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """One presentation. Raises NotFound."""
        with self.database.single() as session:
            found = session.scalar(select(Presentation).where(*one_of(user_id, presentation_id)))
        return _found(found)

    def whole(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """One presentation, with its text and its outline. Raises NotFound."""
        with self.database.single() as session:
            return self.found(session, user_id, presentation_id, is_whole=True)

    def list(
        self,
        user_id: str | None,
        *,
        subject: str | None = None,
        status: str | Iterable[str] | None = None,
        text: str | None = None,
        grade: str | None = None,
        since: datetime | None = None,
        after: str | None = None,
        limit: int | None = None,
        sort: str = NEWEST,
    ) -> Page:
        """Presentations, newest or oldest first or by title; the part that follows the cursor `after`.

        `text` is found in title, topic and grade, and on slides: all its words, in any order, whatever their accents
        and capitals; those that are not in title, topic or grade on one slide. `grade` is found whatever its capitals.
        `since` leaves out those that were asked for before that time. Raises InvalidRequest.
        """
        if limit is not None and limit < 1:
            raise InvalidRequest("limit", f"expected at least 1, got {limit}")
        query = select(Presentation).where(*owned_by(user_id), *matching(subject, status, text, grade))
        if since is not None:
            query = query.where(Presentation.created_at >= since)
        query = query.order_by(*in_order(checked_sort(sort)))
        if after is not None:
            query = query.where(after_cursor(sort, after))
        with self.database.single() as session:
            found = list(session.scalars(query.limit(None if limit is None else limit + 1)))
        return page_of(found, limit, sort)

    def count_matching(
        self,
        user_id: str | None,
        *,
        subject: str | None = None,
        status: str | Iterable[str] | None = None,
        text: str | None = None,
        grade: str | None = None,
    ) -> int:
        """How many presentations list() has in all its parts. Raises InvalidRequest."""
        query = select(func.count()).select_from(Presentation)
        with self.database.single() as session:
            return session.scalars(query.where(*owned_by(user_id), *matching(subject, status, text, grade))).one()

    def slides_with(self, user_id: str | None, found: Sequence[Presentation], text: str) -> dict[UUID, int]:
        """On which slide of each of these the words of `text` are first; not where its title, topic and grade have all.

        Raises InvalidRequest.
        """
        words = words_of(text)
        if not words:
            return {}
        query = (
            select(Presentation.id, func.min(Slide.number))
            .where(*owned_by(user_id), Presentation.id.in_([one.id for one in found]), *on_slide(words))
            .where(not_(in_title(words)))
            .group_by(Presentation.id)
        )
        with self.database.single() as session:
            return dict(session.execute(query).all())

    def retry(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Have one that failed or was cancelled made after all. Anything else stays as it is.

        A task that Presenton may still be working on is taken up again instead of asked for anew. Raises NotFound,
        LimitReached, or MaterialGone: then it can be made by edit().
        """
        return self._ask_again(user_id, presentation_id, lifecycle.RETRY, None)

    def edit(
        self,
        user_id: str | None,
        presentation_id: str | UUID,
        topic: str | None = None,
        n_slides: int = DEFAULT_SLIDES,
        *,
        subject: str | None = None,
        file_ids: Sequence[object] = (),
        **options: Any,
    ) -> Presentation:
        """Have one that failed or was cancelled made after all, as another request. Anything else stays as it is.

        Nothing of the old request is taken up again; the title stays, and so does the subject if none is given.
        Raises InvalidRequest or NotFound.
        """
        owner = self.get(user_id, presentation_id).user_id
        options |= {"topic": self._topic(owner, file_ids, {**options, "topic": topic}), "n_slides": n_slides}
        request = GenerationRequest.checked(**options)
        name = None if subject is None else checked_name(subject)
        return self._ask_again(user_id, presentation_id, lifecycle.EDIT, name, request, file_ids)

    def mark_opened(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Note that a finished presentation was opened for the first time. Raises NotFound."""
        with self.database.begin() as session:
            return self._step(session, user_id, presentation_id, lifecycle.OPEN)

    def templates(self) -> Sequence[Template]:
        """What Presenton offered when it was last asked, in its order; none where it never was, or does not say."""
        with self.database.single() as session:
            return known_templates(session)

    def offers_outlines(self) -> bool:
        """Whether Presenton proposes outlines, as far as anybody knows; create() refuses one where it does not."""
        with self.database.single() as session:
            return has_outlines(session)

    def may_search(self) -> bool:
        """Whether web_search may be asked for."""
        with self.database.single() as session:
            return may_search(session)

    def count_before(self, presentation: Presentation) -> int:
        """How many of the same teacher's wait that were asked for earlier."""
        theirs = (Presentation.user_id == presentation.user_id, *lifecycle.WAITS)
        query = select(func.count()).where(*theirs, Presentation.asked_at < presentation.asked_at)
        with self.database.single() as session:
            return session.scalars(query).one()

    def outlook(self, presentations: Sequence[Presentation]) -> Outlook:
        """How long these presentations may still take, and which places those that wait have in line."""
        with self.database.begin() as session:
            return outlook_for(session, presentations)

    def timeline(self, user_id: str | None, presentation_id: str | UUID) -> Sequence[Event]:
        """What became of a presentation, oldest first. Raises NotFound."""
        with self.database.begin() as session:
            presentation = self.found(session, user_id, presentation_id)
            events = select(Event).where(Event.presentation_id == presentation.id).order_by(Event.id)
            return session.scalars(events).all()

    def cancel(self, user_id: str | None, presentation_id: str | UUID) -> Presentation:
        """Stop one that waits or is being made. One that is over stays as it is. Raises NotFound."""
        with self.database.begin() as session:
            left, entries = self._cancel(session, user_id, presentation_id)
            presentation = self.found(session, user_id, presentation_id)
        self.engine.leave(left)
        self.engine.enter(entries)
        return presentation

    def subjects(self, user_id: str) -> Sequence[SubjectCount]:
        """A user's subjects by name, each with the number of finished presentations in it; first the Unorganized."""
        return subjects_of(*self.counts(user_id))

    def sections(self, user_id: str, most: int) -> tuple[Sequence[Section], dict[str, str]]:
        """A user's sections, each with at most `most` presentations, and the names of all subjects by their keys."""
        with self.database.single() as session:
            return sections_of(session, user_id, most)

    def counts(self, user_id: str) -> tuple[dict[tuple[str, str], int], dict[str, str]]:
        """How many presentations a user has of each status and subject, and the names of all subjects by their keys."""
        with self.database.single() as session:
            return counts_of(session, user_id)

    def grades(self, user_id: str) -> Sequence[str]:
        """The grades and ages that a user has presentations for, each in one of its spellings."""
        with self.database.single() as session:
            return grades_of(session, user_id)

    def found(
        self, session: Session, user_id: str | None, presentation_id: str | UUID, *, is_whole: bool = False
    ) -> Presentation:
        """One presentation as it is now in a transaction; `is_whole`: with its text and outline. Raises NotFound."""
        query = select(Presentation).where(*one_of(user_id, presentation_id)).execution_options(populate_existing=True)
        return _found(session.scalar(query.options(undefer("*")) if is_whole else query))

    def _step(
        self, session: Session, user_id: str | None, presentation_id: str | UUID, step: Transition, **also: Any
    ) -> Presentation:
        """The presentation after this step of its life, or as it is where that does not lead from its state."""
        query = step.of(*one_of(user_id, presentation_id), **also).returning(Presentation)
        changed = session.scalar(query.execution_options(populate_existing=True))
        return changed if changed else self.found(session, user_id, presentation_id)

    def _cancel(
        self, session: Session, user_id: str | None, presentation_id: str | UUID
    ) -> tuple[Sequence[Entry], Sequence[Entry]]:
        """The entry that it left the queue with, and the entries that may take its place."""
        query = lifecycle.CANCEL.of(*one_of(user_id, presentation_id))
        cancelled = session.execute(
            query.returning(Presentation.id, Presentation.line_entry, Presentation.user_id)
        ).one_or_none()
        if cancelled is None:
            return [], []
        log.info("presentation %s: cancelled", cancelled.id)
        ENDED.labels(CANCELLED).inc()
        return [Entry(cancelled.id, cancelled.line_entry)], admit(session, cancelled.user_id)

    def _ask_again(
        self,
        user_id: str | None,
        presentation_id: str | UUID,
        step: Transition,
        subject: str | None,
        request: GenerationRequest | None = None,
        file_ids: Sequence[object] = (),
    ) -> Presentation:
        also: dict[str, Any] = {"request_id": request_id()}
        with self.database.begin() as session:
            presentation = self.found(session, user_id, presentation_id)
            if presentation.status not in (ERROR, CANCELLED):
                return presentation
            if subject is not None:
                also["subject"] = kept_subject(session, presentation.user_id, subject).key
            if request is not None:
                check_offered(session, request)
                uploads = usable_uploads(session, presentation.user_id, file_ids)
                also |= {**request.values, "file_count": len(uploads)}
            elif presentation.file_count:
                check_material(session, self.found(session, user_id, presentation_id, is_whole=True))
            query = step.of(*one_of(user_id, presentation_id), **also).returning(Presentation.id)
            if session.scalar(query) is None:  # somebody else was first
                return self.found(session, user_id, presentation_id)
            if request is not None:
                attach(session, presentation.id, uploads)
            check_room(session, presentation.user_id)
            entries = admit(session, presentation.user_id)
            session.refresh(presentation)
        log.info("presentation %s: asked for again, %d slides", presentation.id, presentation.n_slides)
        self.engine.enter(entries)
        return presentation

    def _filled(
        self, user_id: str, subject: str | None, file_ids: Sequence[object], options: Mapping[str, Any]
    ) -> Filled:
        topic = self._topic(user_id, file_ids, options)
        return self._defaults.filled(user_id, subject, {**options, "topic": topic})

    def _topic(self, user_id: str, file_ids: Sequence[object], options: Mapping[str, Any]) -> object:
        """What it is about: without a topic or a text, the name of the first file says so."""
        topic = options.get("topic")
        if not file_ids or topic is not None or options.get("text") is not None:
            return topic
        with self.database.single() as session:
            return title_of(usable_uploads(session, user_id, file_ids)[0].name)

    def _asked_with(
        self, user_id: str, row: dict[str, Any], subject_name: str | None, file_ids: Sequence[object]
    ) -> Asked | None:
        with self.database.begin() as session:
            uploads = usable_uploads(session, user_id, file_ids)
            asked = ask_in(session, {**row, "file_count": len(uploads)}, subject_name)
            if asked and asked.is_new:
                attach(session, asked.id, uploads)
            return asked

    def _check_offered(self, user_id: str, idempotency_key: str | None, request: GenerationRequest) -> None:
        """Raises InvalidRequest for what Presenton does not have; not where nothing new is made."""
        if not wants_offered(request):
            return
        with self.database.begin() as session:
            if idempotency_key is None or not has_key(session, user_id, idempotency_key):
                check_offered(session, request)

    def _refusal(self, user_id: str) -> LimitReached:
        """Why nothing could be asked for. Raises NotAllowed for a deactivated account."""
        check_active(self.database, user_id)
        with self.database.begin() as session:
            return no_room(session, user_id)


def _said(options: Mapping[str, Any], topic: str | None, n_slides: int | None) -> dict[str, Any]:
    return {**options, "topic": topic, **({} if n_slides is None else {"n_slides": n_slides})}


def _found(presentation: Presentation | None) -> Presentation:
    if presentation is None:
        raise NotFound
    return presentation
