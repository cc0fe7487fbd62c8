"""What somebody typed into the form that asks for a presentation, kept until it was understood."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from presentations.database.models import UNORGANIZED, Presentation, Upload
from presentations.errors import InvalidRequest, shown
from presentations.library import MAX_NAME, MAX_SLIDE
from presentations.operations import MAX_NOTICE
from presentations.options import MAX_TEXT, MAX_TOPIC, OPTIONS, Choice, Flag, Number, Option
from presentations.validation import shows_nothing
from presentations.web.wording import complaint, quoted

_FIELDS = ("subject", *(option.name for option in OPTIONS))
# How many characters fields take that are no options, by their names.
LONGEST = {
    **dict.fromkeys(("subject", "name", "new_name"), MAX_NAME),
    **dict.fromkeys(("notice", "pause_reason"), MAX_NOTICE),
    "title": MAX_TOPIC,
    "slide": MAX_SLIDE,
    "topics": MAX_TEXT,
}
_SLIDES = next(option for option in OPTIONS if option.name == "n_slides")
# What the next form begins with, as it was chosen last.
_REMEMBERED = tuple(option.name for option in OPTIONS if option.on_form and option.on_form.is_remembered)


@dataclass(frozen=True)
class NewForm:
    """The form that asks for a presentation.

    `file_ids` are the uploads that it is to be made from, and `file_names` what they are called, as long as the form
    knows them; `chosen` names a file that was not uploaded.
    """

    typed: dict[str, str]
    idempotency_key: str
    errors: Mapping[str, str] = field(default_factory=dict)
    file_ids: tuple[str, ...] = ()
    chosen: str = ""
    file_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, choices: Mapping[str, Any], subject: str = "") -> NewForm:
        """An empty one, but for what was chosen last."""
        usual = {option.name: option.written(option.default) for option in OPTIONS}
        chosen = {name: str(choices[name]) for name in _REMEMBERED if choices.get(name)}
        return cls(_filled({"subject": subject} | usual | chosen), _random())

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Self:
        """One as it was sent. Of fields of one name, the last that is not empty counts."""
        typed = {name: next(filter(None, reversed(sent.getlist(name))), "") for name in _FIELDS}
        files = tuple(dict.fromkeys(filter(None, sent.getlist("file_ids"))))
        key, names = sent.get("idempotency_key") or _random(), _names(sent.getlist("file_names"))
        return cls(typed, key, {}, files, sent.get("file", ""), names)

    @classmethod
    def of_draft(cls, draft: Mapping[str, Any]) -> NewForm:
        """One as draft() had it."""
        files, names = tuple(draft.get("file_ids", ())), _names(draft.get("file_names", ()))
        return cls(_filled(draft), _random(), file_ids=files, file_names=names)

    @classmethod
    def like(cls, presentation: Presentation, name_of: Callable[[str], str], material: Sequence[Upload]) -> NewForm:
        """One filled in as this presentation was asked for; `name_of` gives the name of a subject's key."""
        asked = {option.name: option.written(getattr(presentation, option.name)) for option in OPTIONS}
        names = {str(one.id): one.name for one in material}
        typed = _filled({"subject": name_of(presentation.subject)} | asked)
        return cls(typed, _random(), file_ids=tuple(names), file_names=names)

    def made_from(self, files: Sequence[Upload]) -> Self:
        """The same, made from these as well."""
        names = {str(one.id): one.name for one in files}
        return replace(self, file_ids=(*self.file_ids, *names), file_names={**self.file_names, **names})

    def without_gone(self, there: Sequence[Upload]) -> Self:
        """The same with no files but those that are `there`; the others are named beside them."""
        ids = {str(one.id) for one in there}
        left = tuple(one for one in self.file_ids if one in ids)
        if left == self.file_ids:
            return self
        named = [quoted(name) for one, name in self.file_names.items() if one in self.file_ids and one not in ids]
        said = {"file": f"No longer there: {', '.join(named) or 'a file'}. Add it again if it is needed."}
        return replace(self, errors={**self.errors, **said} if named else {**said, **self.errors}, file_ids=left)

    def draft(self) -> dict[str, str | list[str]]:
        """What is kept of it as long as it is not sent."""
        names = [f"{one} {name}" for one, name in self.file_names.items()]
        return {**self.typed, "file_ids": list(self.file_ids), "file_names": names}

    def asked(self) -> dict[str, Any]:
        """The arguments of Library.create() and Library.edit(). Raises InvalidRequest for a file that is not here."""
        if self.chosen:
            raise InvalidRequest("file", f'{shown(self.chosen)} has not been sent yet: use "Add" first')
        meant = {option.name: option.read(self.typed[option.name]) for option in OPTIONS}
        subject = self.typed["subject"]
        meant["subject"] = UNORGANIZED if shows_nothing(subject) else subject
        meant["text"] = meant["text"] or None
        _SLIDES.checked(meant["n_slides"])  # what is not said would be as is usual
        if self.file_ids and shows_nothing(self.typed["topic"]):
            meant["topic"] = None  # a text or a file says what it is about
        return meant | {"file_ids": self.file_ids}

    def understood(self) -> dict[str, Any]:
        """The options as far as they can be kept; None for the others."""
        return {option.name: _understood(option, self.typed[option.name]) for option in OPTIONS}

    def key(self) -> str:
        """The same for a form that is sent twice, but not for one that was gone back to and changed."""
        parts = repr([self.idempotency_key, *self.typed.values(), *self.file_ids])
        return hashlib.sha256(parts.encode(errors="replace")).hexdigest()

    def choices(self) -> dict[str, str]:
        """What the next form begins with."""
        return {name: self.typed[name] for name in _REMEMBERED}

    def refused(self, error: InvalidRequest) -> Self:
        """The form with the complaint beside its field."""
        beside = "file" if error.field == "file_ids" else error.field
        return replace(self, errors={beside: complaint(error)}, chosen="")

    def options(self, *places: str) -> list[Option]:
        """What the form asks for in these places."""
        return [option for option in OPTIONS if option.on_form and option.on_form.place in places]

    def chosen_in(self, *places: str) -> str:
        """What is chosen or typed in these places, in a line."""
        said = (_said(option, self.typed[option.name]) for option in self.options(*places))
        return " · ".join(filter(None, said))

    def is_wrong_in(self, *places: str) -> bool:
        return any(option.name in self.errors for option in self.options(*places))

    @property
    def carried(self) -> dict[str, str]:
        """What was asked for, but is not asked by the form: it goes along unseen."""
        unseen = {option.name: self.typed[option.name] for option in OPTIONS if not option.on_form}
        return {name: value for name, value in unseen.items() if value}

    @property
    def has_material(self) -> bool:
        return bool(self.file_ids or self.typed["text"] or "file" in self.errors)


def _filled(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "") for name in _FIELDS}


def _names(pairs: Iterable[str]) -> dict[str, str]:
    """The names of files by their ids, which stand before them."""
    return {one: name for one, _, name in (pair.partition(" ") for pair in pairs) if name}


def _understood(option: Option, typed: str) -> Any:
    try:
        return option.checked(option.read(typed))
    except InvalidRequest:
        return None


def _said(option: Option, typed: str) -> str:
    if isinstance(option, Flag):
        return {"Yes": option.label, "No": f"{option.label}: No"}.get(typed, "")
    if isinstance(option, Number):
        return f"{option.label}: {typed}" if typed else ""
    named = dict(option.choices).get(typed, typed) if isinstance(option, Choice) else typed
    return quoted(named, "") if named else ""


def _random() -> str:
    return secrets.token_urlsafe(12)
