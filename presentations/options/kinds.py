"""What an option is, and the kinds of them: what each takes, and how its values are written in a form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from presentations.errors import InvalidRequest, shown
from presentations.validation import checked_text, shows_nothing, whole_number

Place = Literal["top", "row", "below", "material", "whom", "look", "folded", "send"]
Control = Literal["line", "lines", "number", "select", "switch"]


@dataclass(frozen=True, kw_only=True)
class OnForm:
    """How the form asks for an option.

    Its place is the top, the row that follows, below that, the part of it on material, on for whom it is or on its
    look, what else is folded away, or beside the button that sends it. `label` stands instead of the option's own. What
    is remembered is filled in when the form is next shown.
    """

    place: Place = "folded"
    label: str = ""
    example: str = ""
    is_remembered: bool = True


@dataclass(frozen=True, kw_only=True)
class _Option(ABC):
    """Something that can be asked for of a presentation.

    `name` is that of the argument, the field and the column; `label` is for people, `description` for programs, and
    `for_models` for language models, which are not offered it when that is None. Without `on_form`, the form does not
    ask for it. What is left out is `default`; None is left to Presenton, which calls the option `presenton_name` if
    not by its name. One that is not `is_sent` reaches Presenton only in the words of others. One that is
    `is_in_answers` is told with the status of a presentation.
    """

    name: str
    label: str
    description: str
    for_models: str | None = None
    on_form: OnForm | None = OnForm()
    presenton_name: str = ""
    default: object = None
    is_required: bool = False
    is_in_answers: bool = False
    is_sent: bool = True

    @property
    def may_be_none(self) -> bool:
        return not self.is_required and self.default is None

    @property
    @abstractmethod
    def control(self) -> Control:
        """What the form has for it."""

    @abstractmethod
    def checked(self, value: object) -> object:
        """The value as it is kept. Raises InvalidRequest."""

    def read(self, text: str) -> object:
        """The value that somebody typed or chose in a form; text that is none is left for checked() to refuse."""
        return text

    def written(self, value: object) -> str:
        """A value as read() takes it."""
        return "" if value is None else str(value)

    def said(self, value: object) -> str:
        """A value for people to read."""
        return self.written(value)


@dataclass(frozen=True, kw_only=True)
class Text(_Option):
    """Some text of at most `longest` characters; the form may suggest some."""

    longest: int
    suggestions: tuple[str, ...] = ()
    has_lines: bool = False

    @property
    def control(self) -> Control:
        return "lines" if self.has_lines else "line"

    def checked(self, value: object) -> object:
        is_empty = value is None or (isinstance(value, str) and shows_nothing(value))
        return None if is_empty and self.may_be_none else checked_text(self.name, value, self.longest)


@dataclass(frozen=True, kw_only=True)
class Number(_Option):
    """A whole number."""

    low: int
    high: int
    control: ClassVar[Control] = "number"

    def checked(self, value: object) -> object:
        if value is None and self.may_be_none:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise InvalidRequest(
                self.name, f"expected a whole number from {self.low} to {self.high}, got {shown(value)}"
            )
        return value

    def read(self, text: str) -> object:
        number = whole_number(text)
        return (text.strip() or None) if number is None else number


@dataclass(frozen=True, kw_only=True)
class Choice(_Option):
    """One of Presenton's own words, case and all, each with one for people; the form offers those that have one."""

    words: Mapping[str, str | None]
    control: ClassVar[Control] = "select"

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(self.words)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What the form offers: each value, and how it is called."""
        return tuple((value, word) for value, word in self.words.items() if word is not None)

    def checked(self, value: object) -> object:
        if value is None or value == "":
            return None
        if value not in self.values:
            raise InvalidRequest(self.name, f"expected one of {', '.join(self.values)}, got {shown(value)}")
        return value

    def said(self, value: object) -> str:
        return self.words.get(str(value)) or self.written(value)


@dataclass(frozen=True, kw_only=True)
class Flag(_Option):
    """Yes or no. Where it is a switch on the form, off is as it comes."""

    is_switch: bool = False
    choices: ClassVar[tuple[tuple[str, str], ...]] = (("Yes", "Yes"), ("No", "No"))

    @property
    def control(self) -> Control:
        return "switch" if self.is_switch else "select"

    def checked(self, value: object) -> object:
        if value is not None and not isinstance(value, bool):
            raise InvalidRequest(self.name, f"expected true or false, got {shown(value)}")
        return value

    def read(self, text: str) -> object:
        return {"": None, "Yes": True, "No": False}.get(text, text)

    def written(self, value: object) -> str:
        return "" if value is None else "Yes" if value else "No"


Option = Text | Number | Choice | Flag
