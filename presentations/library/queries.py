"""The conditions and small statements of which the library's verbs are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, and_, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    DELETED,
    ERROR,
    PENDING,
    PROCESSING,
    UNORGANIZED,
    Presentation,
    Slide,
    Subject,
    Upload,
)
from presentations.errors import InvalidRequest, NotFound, shown
from presentations.library.subjects import checked_name, key_of
from presentations.options import MAX_GRADE, MAX_TOPIC
from presentations.validation import checked_text, shows_nothing


class KeptSubject(NamedTuple):
    """A subject's key, the name it is shown by, and whether it was made just now."""

    key: str
    name: str
    is_new: bool


_GRADE = func.lower(Presentation.grade)
STATUSES = (PENDING, PROCESSING, COMPLETE, ERROR, CANCELLED)


def has_key(session: Session, user_id: str, key: str | None) -> bool:
    """Whether a presentation of the user has this idempotency key."""
    theirs = (Presentation.user_id == user_id, Presentation.idempotency_key == key)
    return session.scalar(select(Presentation.id).where(*theirs)) is not None


def kept_subject(session: Session, user_id: str, name: str) -> KeptSubject:
    """The subject that a name stands for, which is made when there is none, and stays until the transaction ends."""
    key = key_of(name)
    if key == UNORGANIZED:
        return KeptSubject(UNORGANIZED, "Unorganized", is_new=False)
    query = insert(Subject).values(user_id=user_id, key=key, name=name)
    # Written again as it is, so that nobody can delete it before something is filed under it.
    query = query.on_conflict_do_update(index_elements=["user_id", "key"], set_={"name": Subject.name})
    shown, is_new = session.execute(query.returning(Subject.name, literal_column("xmax = 0", Boolean))).one()
    return KeptSubject(key, shown, is_new)


def uuid_of(presentation_id: str | UUID) -> UUID:
    """The id as it is kept. Raises NotFound for what can be no id at all."""
    try:
        return presentation_id if isinstance(presentation_id, UUID) else UUID(str(presentation_id))
    except ValueError:
        raise NotFound from None


def owned_by(user_id: str | None) -> list[ColumnElement[bool]]:
    """Only what is theirs; for None, a trusted process, everything."""
    return [] if user_id is None else [Presentation.user_id == user_id]


def uploads_of(user_id: str | None) -> list[ColumnElement[bool]]:
    """Uploads that are there, and only what is theirs; for None, a trusted process, everybody's."""
    return [Upload.deleted_at.is_(None), *([] if user_id is None else [Upload.user_id == user_id])]


def one_of(user_id: str | None, presentation_id: str | UUID) -> list[ColumnElement[bool]]:
    """One presentation, unless it is deleted or somebody else's. Raises NotFound."""
    return [Presentation.id == uuid_of(presentation_id), Presentation.status != DELETED, *owned_by(user_id)]


def matching(
    subject: str | None, status: str | Iterable[str] | None, text: str | None, grade: str | None
) -> list[ColumnElement[bool]]:
    """What a list is narrowed down to. Raises InvalidRequest."""
    filters: list[ColumnElement[bool]] = [Presentation.status != DELETED]
    if subject is not None:
        filters.append(Presentation.subject == key_of(checked_name(subject)))
    if status is not None:
        filters.append(Presentation.status.in_(_statuses(status)))
    if words := words_of(text):
        filters.append(or_(in_title(words), exists().where(*on_slide(words))))
    if grade is not None and not shows_nothing(grade):
        wanted = checked_text("grade", grade, MAX_GRADE)
        filters += [Presentation.grade.is_not(None), func.lower(wanted) == _GRADE]
    return filters


def grades_of(session: Session, user_id: str) -> list[str]:
    """The grades and ages that a user has presentations for, each in one of its spellings."""
    theirs = (Presentation.user_id == user_id, Presentation.grade.is_not(None), Presentation.status != DELETED)
    return list(session.scalars(select(func.min(Presentation.grade)).where(*theirs).group_by(_GRADE).order_by(_GRADE)))


def words_of(text: str | None) -> list[str]:
    """What is looked for, word by word. Raises InvalidRequest."""
    if text is None or shows_nothing(text):
        return []
    return list(dict.fromkeys(checked_text("text", text, MAX_TOPIC).split()))


def in_title(words: Iterable[str]) -> ColumnElement[bool]:
    """Presentations that have all of these words in title, topic and grade."""
    return and_(*(_says(Presentation.search_text, word) for word in words))


def on_slide(words: Iterable[str]) -> list[ColumnElement[bool]]:
    """Slides of the version that is shown which have, together with title, topic and grade, all these words."""
    of_shown = (Slide.presentation_id == Presentation.id, Slide.version == Presentation.version)
    return [*of_shown, *(or_(_says(Presentation.search_text, word), _says(Slide.search_text, word)) for word in words)]


def _says(where: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    return func.strpos(where, func.presentation_search_text(word)) > 0


def _statuses(status: str | Iterable[str]) -> list[str]:
    words = [status] if isinstance(status, str) else list(status)
    for word in words:
        if word not in STATUSES:
            raise InvalidRequest("status", f"expected one of {', '.join(STATUSES)}, got {shown(word)}")
    return words
