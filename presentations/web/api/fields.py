"""Fields that take what their description in OpenAPI says, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any

from apiflask.fields import Boolean, DateTime, Field, Integer, List, String
from apiflask.validators import Length, OneOf, Range, Regexp
from marshmallow import ValidationError
from webargs.multidictproxy import MultiDictProxy

from presentations.errors import InvalidRequest, shown
from presentations.options import Choice, Number, Option, Text
from presentations.options import Flag as FlagOption
from presentations.validation import ID_PATTERN, MAX_USER_ID, TEXT_PATTERN, checked_text, checked_user
from presentations.webhooks import MAX_URL, Target

URL_PATTERN = r"^https?://[^\s\x00]+$"
_NO_NUL = r"^[^\x00]*$"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
MAX_VERSION = 999_999_999


class Counted(Length):
    """So many at least and at most, as the description says; how many they are is said of too many or too few."""

    def __init__(self, low: int, high: int, what: str = "characters") -> None:
        super().__init__(low, high)
        self._low, self._high, self._what = low, high, what

    def __call__(self, value: Any) -> Any:
        if len(value) > self._high:
            raise ValidationError(f"expected at most {self._high} {self._what}, got {len(value)}")
        if len(value) < self._low:
            raise ValidationError(f"expected {self._low} to {self._high} {self._what}, got {len(value)}")
        return value


class _AsElsewhere(Counted):
    """A text or address in which the same is wrong, in the same words, as in forms and tools."""

    def __init__(self, longest: int, check: Callable[[str], object]) -> None:
        super().__init__(1, longest)
        self._check = check

    def __call__(self, value: Any) -> Any:
        try:
            self._check(value)
        except InvalidRequest as error:
            raise ValidationError(error.problem) from None
        return super().__call__(value)


class _Whole(Integer):
    """A whole number in a query; int() alone takes more spellings than anybody means."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class JsonInteger(Integer):
    """A whole number in JSON, in which 5.0 is one too, but neither "5" nor true."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
        if not is_whole:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(Boolean):
    """True or false in JSON, and none of the words and numbers that are close to them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class _Time(DateTime):
    """A time with its offset, as RFC 3339 has it."""

    default_error_messages = dict.fromkeys(
        ["invalid", "format"], "Expected a time with its offset, such as 2026-11-23T10:00:00+00:00."
    )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        # A plus in an address means a space, which many forget.
        text = value.upper().replace(" ", "+") if isinstance(value, str) else value
        time = super()._deserialize(text, attr, data, **kwargs)
        if time.tzinfo is None:
            raise self.make_error("invalid", input=value)
        try:
            # PostgreSQL takes fewer offsets.
            return time.astimezone(UTC)
        except OverflowError:  # in the year 1 or 9999
            return time.replace(tzinfo=UTC)


def text(
    longest: int, description: str, *, required: bool = False, allow_none: bool = False, unless: Sequence[str] = ()
) -> String:
    """Text of 1 to `longest` characters; `unless` are words that are refused later on."""
    check = _AsElsewhere(longest, lambda value: checked_text("", value, longest))
    metadata: dict[str, Any] = {"description": description, "pattern": TEXT_PATTERN}
    if unless:
        metadata["not"] = {"enum": list(unless)}
    return String(required=required, allow_none=allow_none, validate=check, metadata=metadata)


def user(description: str) -> String:
    """A user's id."""
    metadata = {"description": description, "pattern": ID_PATTERN}
    return String(validate=_AsElsewhere(MAX_USER_ID, checked_user), metadata=metadata)


def loose_text(longest: int, description: str) -> String:
    """Text that may be empty, too."""
    checks = [Counted(0, longest), Regexp(_NO_NUL, error="expected characters that can be looked for, so no U+0000")]
    return String(validate=checks, metadata={"description": description})


def whole(low: int, high: int, default: int, description: str) -> Integer:
    """A whole number in a query."""
    return _Whole(load_default=default, validate=Range(low, high), metadata={"description": description})


def version(description: str) -> Integer:
    """The number of a version, in a query."""
    return _Whole(validate=Range(1, MAX_VERSION), metadata={"description": description})


def time(description: str) -> DateTime:
    """A time in a query."""
    return _Time(metadata={"description": description})


def web_address(description: str, *, required: bool = False) -> String:
    """Where messages can be sent. Where it leads to is looked at later on."""
    metadata = {"description": description, "format": "uri", "pattern": URL_PATTERN}
    return String(required=required, validate=_AsElsewhere(MAX_URL, _check_address), metadata=metadata)


def _check_address(value: str) -> None:
    Target.of(value)
    if not re.fullmatch(URL_PATTERN, value):
        raise InvalidRequest("url", f"expected an address such as https://school.example/hook, got {shown(value)}")


def sent(option: Option) -> Field[Any]:
    """An option among what is sent to us."""
    allow_none, metadata = option.may_be_none, {"description": option.description}
    match option:
        case Text():
            return text(option.longest, option.description, required=option.is_required, allow_none=allow_none)
        case Number():
            return JsonInteger(allow_none=allow_none, validate=Range(option.low, option.high), metadata=metadata)
        case Choice():
            expected = f"Must be one of: {', '.join(option.values)}, or null."
            return String(allow_none=True, validate=OneOf([*option.values, None], error=expected), metadata=metadata)
        case FlagOption():
            return Flag(allow_none=True, metadata=metadata)


def given(option: Option, *, required: bool = True) -> Field[Any]:
    """An option among what we answer."""
    allow_none = required and option.may_be_none
    match option:
        case Text() | Choice():
            return String(required=required, allow_none=allow_none)
        case Number():
            return Integer(required=required, allow_none=allow_none)
        case FlagOption():
            return Boolean(required=required, allow_none=allow_none)


def of_form(fields: Mapping[str, Field[Any]], form: MultiDictProxy) -> dict[str, Any]:
    """What a form says, as JSON would: with lists, whole numbers, true and false."""
    return {name: _of_values(fields.get(name), form.getlist(name)) for name in form}


def _of_values(field: Field[Any] | None, values: list[str]) -> Any:
    value = values[0]
    if isinstance(field, List) or len(values) > 1:
        return values
    if isinstance(field, Integer) and _WHOLE.fullmatch(value):
        return int(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(field, Boolean) else value
