"""What each new presentation under a subject begins with, as its teacher wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import Subject
from presentations.errors import InvalidRequest
from presentations.library.queries import kept_subject
from presentations.library.subjects import real_name
from presentations.library.templates import check_offered
from presentations.options import OPTIONS, GenerationRequest, Option

# What the form remembers of one presentation for the next one; none of it has to be given.
DEFAULTED: tuple[Option, ...] = tuple(
    replace(option, default=None) for option in OPTIONS if option.on_form and option.on_form.is_remembered
)
_NAMES = {option.name for option in DEFAULTED}


class Defaults:
    """What teachers have said of their subjects in a database. Every verb raises Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user_id: str) -> dict[str, dict[str, Any]]:
        """What each new presentation begins with, by option, for the keys of those subjects for which that is said."""
        query = select(Subject.key, Subject.defaults).where(Subject.user_id == user_id, Subject.defaults != {})
        with self._database.single() as session:
            kept = session.execute(query).all()
        return {key: {name: value for name, value in values.items() if name in _NAMES} for key, values in kept}

    def keep(self, user_id: str, name: str, defaults: Mapping[str, Any]) -> str:
        """Say with what each new one under a subject begins, by option; what is None or not there is left open.

        The subject is made if need be; gives the name it is shown by. Raises InvalidRequest.
        """
        text = real_name(name, "name")
        with self._database.begin() as session:
            values = _checked(session, defaults)
            subject = kept_subject(session, user_id, text)
            keep_defaults(session, user_id, subject.key, values)
        return subject.name


def _checked(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    for field in given.keys() - _NAMES:
        raise InvalidRequest(field, "is no option that a subject has a default for: leave it out")
    meant = {name: value for name, value in given.items() if value is not None}
    request = GenerationRequest.checked(topic="Any", **meant)
    check_offered(session, request)
    return {name: request.values[name] for name in meant if request.values[name] is not None}


def keep_defaults(session: Session, user_id: str, key: str, defaults: Mapping[str, Any]) -> None:
    """Keep these for a subject that is there."""
    query = update(Subject).where(Subject.user_id == user_id, Subject.key == key)
    session.execute(query.values(defaults=dict(defaults)).execution_options(synchronize_session=False))
