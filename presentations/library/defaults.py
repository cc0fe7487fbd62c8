"""What each new presentation under a subject begins with, as its teacher wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import UNORGANIZED, Presentation, Subject
from presentations.errors import InvalidRequest
from presentations.jobs import Asked
from presentations.library.queries import kept_subject
from presentations.library.subjects import key_of, real_name
from presentations.library.templates import check_offered
from presentations.options import OPTIONS, GenerationRequest, Option

# What the form remembers of one presentation for the next one; none of it has to be given.
DEFAULTED: tuple[Option, ...] = tuple(
    replace(option, default=None) for option in OPTIONS if option.on_form and option.on_form.is_remembered
)
_NAMES = {option.name for option in DEFAULTED}


@dataclass(frozen=True)
class Filled:
    """What is asked for, together with what is usual for its subject.

    `usual` are the defaults of what was not said; `left_out` says of some by their names why they cannot be had.
    """

    request: GenerationRequest
    usual: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def applied(self) -> dict[str, Any]:
        """The defaults that what is asked for has."""
        return _that_are(self.usual, self.request.values)


@dataclass(frozen=True)
class Requested:
    """A presentation that was asked for, and what became of its subject's defaults, by option.

    `applied` are those that it has; `left_out` says why others could not be had.
    """

    asked: Asked
    applied: Mapping[str, Any]
    left_out: Mapping[str, str]

    @classmethod
    def of(cls, asked: Asked, filled: Filled) -> Requested:
        """What to say of it; one that was asked for before may have been so with other defaults."""
        return cls(asked, _that_are(filled.usual, asked.row), filled.left_out if asked.is_new else {})

    @property
    def presentation(self) -> Presentation:
        """The presentation, as it was read when it was asked for."""
        return self.asked.presentation

    @property
    def said(self) -> dict[str, Any]:
        """For programs: nothing where there is nothing to say."""
        told = {"applied_defaults": self.applied, "left_out_defaults": self.left_out}
        return {key: dict(values) for key, values in told.items() if values}


def _that_are(usual: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in usual.items() if values[name] == value}


class Defaults:
    """What teachers have said of their subjects in a database. Every verb raises Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, user_id: str) -> dict[str, dict[str, Any]]:
        """What each new presentation begins with, by option, for the keys of those subjects for which that is said."""
        query = select(Subject.key, Subject.defaults).where(Subject.user_id == user_id, Subject.defaults != {})
        with self._database.single() as session:
            kept = session.execute(query).all()
        return {key: _known(values) for key, values in kept}

    def filled(self, user_id: str, subject: str | None, given: Mapping[str, Any]) -> Filled:
        """What is asked for by these options, of which each that is not there is as is usual for the subject.

        One that is there counts, also where it is None. A default that cannot be had, such as a template that is no
        longer offered, is left out. Raises InvalidRequest for what is given, not for what Presenton does not offer.
        """
        key = UNORGANIZED if subject is None or given.keys() >= _NAMES else key_of(subject)
        kept = {} if key == UNORGANIZED else self._of(user_id, key)
        usual = {name: value for name, value in kept.items() if name not in given}
        if not usual:
            return Filled(GenerationRequest.checked(**given))
        with self._database.begin() as session:
            return _filled(session, usual, given)

    def _of(self, user_id: str, key: str) -> dict[str, Any]:
        query = select(Subject.defaults).where(Subject.user_id == user_id, Subject.key == key)
        with self._database.single() as session:
            return _known(session.scalar(query) or {})

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


def _known(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name in _NAMES}


def _filled(session: Session, usual: Mapping[str, Any], given: Mapping[str, Any]) -> Filled:
    whole = _possible(session, {**given, **usual})
    if isinstance(whole, GenerationRequest):
        return Filled(whole, usual)
    # One after another, so that one that cannot be had costs no other.
    request = GenerationRequest.checked(**given)
    had: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    for name, value in usual.items():
        tried = _possible(session, {**given, **had, name: value})
        if isinstance(tried, InvalidRequest):
            left_out[name] = tried.problem
        else:
            request, had[name] = tried, value
    return Filled(request, usual, left_out)


def _possible(session: Session, values: Mapping[str, Any]) -> GenerationRequest | InvalidRequest:
    try:
        request = GenerationRequest.checked(**values)
        check_offered(session, request)
    except InvalidRequest as error:
        return error
    return request


def _checked(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    for name in given.keys() - _NAMES:
        raise InvalidRequest(name, "is no option that a subject has a default for: leave it out")
    meant = {name: value for name, value in given.items() if value is not None}
    request = GenerationRequest.checked(topic="Any", **meant)
    check_offered(session, request)
    return {name: request.values[name] for name in meant if request.values[name] is not None}


def keep_defaults(session: Session, user_id: str, key: str, defaults: Mapping[str, Any]) -> None:
    """Keep these for a subject that is there."""
    query = update(Subject).where(Subject.user_id == user_id, Subject.key == key)
    session.execute(query.values(defaults=dict(defaults)).execution_options(synchronize_session=False))
