"""What somebody typed into the form that asks for a presentation, kept until it was understood."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from presentations.database.models import UNORGANIZED, Presentation
from presentations.errors import InvalidRequest
from presentations.library import MAX_NAME, MAX_SLIDE
from presentations.operations import MAX_NOTICE
from presentations.options import MAX_TOPIC, OPTIONS, Option
from presentations.validation import shows_nothing
from presentations.web.wording import complaint

_FIELDS = ("subject", *(option.name for option in OPTIONS))
# How many characters fields take that are no options, by their names.
LONGEST = {
    **dict.fromkeys(("subject", "name", "new_name"), MAX_NAME),
    **dict.fromkeys(("notice", "pause_reason"), MAX_NOTICE),
    "title": MAX_TOPIC,
    "slide": MAX_SLIDE,
}
# What is folded away until it is needed.
_FOLDED = ("material", "whom", "look", "folded")
# What the next form begins with, as it was chosen last.
_REMEMBERED = tuple(option.name for option in OPTIONS if option.on_form and option.on_form.is_remembered)


@dataclass(frozen=True)
class NewForm:
    """The form that asks for a presentation."""

    typed: dict[str, str]
    idempotency_key: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, choices: Mapping[str, Any], subject: str = "") -> NewForm:
        """An empty one, but for what was chosen last."""
        usual = {option.name: option.written(option.default) for option in OPTIONS}
        chosen = {name: str(choices[name]) for name in _REMEMBERED if choices.get(name)}
        return cls(_filled({"subject": subject} | usual | chosen), _random())

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> NewForm:
        return cls(_filled(sent), sent.get("idempotency_key") or _random())

    @classmethod
    def like(cls, presentation: Presentation, name_of: Callable[[str], str]) -> NewForm:
        """One filled in as this presentation was asked for; `name_of` gives the name of a subject's key."""
        asked = {option.name: option.written(getattr(presentation, option.name)) for option in OPTIONS}
        return cls(_filled({"subject": name_of(presentation.subject)} | asked), _random())

    def asked(self) -> dict[str, Any]:
        """The arguments of Library.create() and Library.edit()."""
        meant = {option.name: option.read(self.typed[option.name]) for option in OPTIONS}
        subject = self.typed["subject"]
        return meant | {"subject": UNORGANIZED if shows_nothing(subject) else subject}

    def key(self) -> str:
        """The same for a form that is sent twice, but not for one that was gone back to and changed."""
        parts = repr([self.idempotency_key, *self.typed.values()])
        return hashlib.sha256(parts.encode(errors="replace")).hexdigest()

    def choices(self) -> dict[str, str]:
        """What the next form begins with."""
        return {name: self.typed[name] for name in _REMEMBERED}

    def refused(self, error: InvalidRequest) -> NewForm:
        """The form with the complaint beside its field."""
        return NewForm(self.typed, self.idempotency_key, {error.field: complaint(error)})

    def options(self, place: str) -> list[Option]:
        """What the form asks for in this place."""
        return [option for option in OPTIONS if option.on_form and option.on_form.place == place]

    @property
    def carried(self) -> dict[str, str]:
        """What was asked for, but is not asked by the form: it goes along unseen."""
        unseen = {option.name: self.typed[option.name] for option in OPTIONS if not option.on_form}
        return {name: value for name, value in unseen.items() if value}

    @property
    def has_options(self) -> bool:
        return any(self.typed[option.name] for place in _FOLDED for option in self.options(place))


def _filled(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "") for name in _FIELDS}


def _random() -> str:
    return secrets.token_urlsafe(12)
