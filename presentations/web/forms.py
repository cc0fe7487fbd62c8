"""What somebody typed into a form, kept until it was understood."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from presentations.errors import InvalidRequest
from presentations.order import DEFAULT_SLIDES
from presentations.web.words import complaint

_OPTIONS = ("language", "tone", "template", "instructions", "verbosity")
_FIELDS = ("topic", "n_slides", *_OPTIONS)


@dataclass(frozen=True)
class NewForm:
    """The form that asks for a presentation."""

    typed: dict[str, str]
    idempotency_key: str
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls) -> NewForm:
        return cls(dict.fromkeys(_FIELDS, "") | {"n_slides": str(DEFAULT_SLIDES)}, _random())

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> NewForm:
        return cls({name: sent.get(name, "") for name in _FIELDS}, sent.get("idempotency_key") or _random())

    def asked(self) -> dict[str, Any]:
        """The arguments of Library.create()."""
        return self.typed | {"n_slides": _whole(self.typed["n_slides"]), "idempotency_key": self._key()}

    def refused(self, error: InvalidRequest) -> NewForm:
        """The form with the complaint beside its field."""
        return NewForm(self.typed, self.idempotency_key, {error.field: complaint(error)})

    @property
    def has_options(self) -> bool:
        return any(self.typed[name] for name in _OPTIONS)

    def _key(self) -> str:
        """The same for a form that is sent twice, but not for one that was gone back to and changed."""
        parts = repr([self.idempotency_key, *self.typed.values()])
        return hashlib.sha256(parts.encode(errors="replace")).hexdigest()


@dataclass(frozen=True)
class RefusedMove:
    """A subject's name that could not be used, for the presentation that it was typed for."""

    presentation_id: str
    typed: str
    problem: str


def _random() -> str:
    return secrets.token_urlsafe(12)


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text
