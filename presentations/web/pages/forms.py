"""What somebody typed into the form that asks for a presentation, kept until it was understood."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from presentations.database.models import UNORGANIZED, Presentation
from presentations.errors import InvalidRequest
from presentations.options import DEFAULT_SLIDES
from presentations.web.wording import complaint

# What the next form begins with, as it was chosen last.
_CHOICES = ("n_slides", "language", "tone", "template", "verbosity")
_FIELDS = ("topic", "subject", "instructions", *_CHOICES)


@dataclass(frozen=True)
class NewForm:
    """The form that asks for a presentation."""

    typed: dict[str, str]
    idempotency_key: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, choices: Mapping[str, Any], subject: str = "") -> NewForm:
        """An empty one, but for what was chosen last."""
        chosen = {name: str(choices[name]) for name in _CHOICES if choices.get(name)}
        return cls(_filled({"n_slides": str(DEFAULT_SLIDES), "subject": subject} | chosen), _random())

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> NewForm:
        return cls(_filled(sent), sent.get("idempotency_key") or _random())

    @classmethod
    def like(cls, presentation: Presentation, name_of: Callable[[str], str]) -> NewForm:
        """One filled in as this presentation was asked for; `name_of` gives the name of a subject's key."""
        asked = {name: str(getattr(presentation, name) or "") for name in _FIELDS}
        return cls(asked | {"subject": name_of(presentation.subject)}, _random())

    def asked(self) -> dict[str, Any]:
        """The arguments of Library.create() and Library.edit()."""
        subject = self.typed["subject"].strip() or UNORGANIZED
        return self.typed | {"n_slides": _whole(self.typed["n_slides"]), "subject": subject}

    def key(self) -> str:
        """The same for a form that is sent twice, but not for one that was gone back to and changed."""
        parts = repr([self.idempotency_key, *self.typed.values()])
        return hashlib.sha256(parts.encode(errors="replace")).hexdigest()

    def choices(self) -> dict[str, str]:
        """What the next form begins with."""
        return {name: self.typed[name] for name in _CHOICES}

    def refused(self, error: InvalidRequest) -> NewForm:
        """The form with the complaint beside its field."""
        return NewForm(self.typed, self.idempotency_key, {error.field: complaint(error)})

    @property
    def has_options(self) -> bool:
        return any(self.typed[name] for name in ("tone", "template", "verbosity"))


def _filled(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "") for name in _FIELDS}


def _random() -> str:
    return secrets.token_urlsafe(12)


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text
