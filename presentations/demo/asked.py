"""What a generate call asks for, checked as Presenton checks it: types first (422, all at once), then rules (400)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TEMPLATES = {"general": 12, "modern": 10, "standard": 11, "swift": 9, "momentum": 28, "executive": 32, "dynamic": 32}
"""The templates, each with the number of its layouts."""

MOST_SLIDES = 50
_TONES = ("default", "casual", "professional", "funny", "educational", "sales_pitch")
_VERBOSITIES = ("concise", "standard", "text-heavy")
_FORMATS = ("pptx", "pdf")

Detail = str | list[dict[str, Any]]
Check = Callable[[Any], Any]


class Refused(Exception):
    """The call cannot be answered as asked; `detail` is a sentence or a list of faults in the body."""

    def __init__(self, status: int, detail: Detail) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class _WrongValue(Exception):
    def __init__(self, kind: str, problem: str, **context: str) -> None:
        super().__init__(problem)
        self.kind = kind
        self.context = {"ctx": context} if context else {}


@dataclass(frozen=True)
class Asked:
    content: str
    tone: str
    verbosity: str
    n_slides: int | None
    language: str
    template: str


def read_body(body: bytes, is_json: bool) -> Any:
    """The JSON in a request's body; text is left as it is when nobody says that it is JSON."""
    if not body:
        raise Refused(422, [{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}])
    try:
        text = body.decode()
        return json.loads(text) if is_json else text
    except json.JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ["body", error.pos], "msg": "JSON decode error", "input": {}}
        raise Refused(422, [fault | {"ctx": {"error": error.msg}}]) from None
    except (ValueError, RecursionError):
        raise Refused(400, "There was an error parsing the body") from None


def check(body: Any) -> Asked:
    """Raise Refused unless the body can be worked on. Unknown fields are ignored."""
    if not isinstance(body, dict):
        problem = "Input should be a valid dictionary or object to extract fields from"
        raise Refused(422, [{"type": "model_attributes_type", "loc": ["body"], "msg": problem, "input": body}])
    values = _check_types(body)
    _check_rules(body, values)
    wanted = {name: values[name] for name in ("content", "tone", "verbosity", "n_slides", "template")}
    return Asked(**wanted, language=values["language"] or "")


def _check_types(body: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    faults = []
    for name, (parse, default) in _FIELDS.items():
        if name not in body and default is not _REQUIRED:
            values[name] = default
            continue
        try:
            values[name] = parse(body[name])
        except KeyError:
            faults.append({"type": "missing", "loc": ["body", name], "msg": "Field required", "input": body})
        except _WrongValue as wrong:
            fault = {"type": wrong.kind, "loc": ["body", name], "msg": str(wrong), "input": body[name]}
            faults.append(fault | wrong.context)
    if faults:
        raise Refused(422, faults)
    return values


def _check_rules(body: dict[str, Any], values: dict[str, Any]) -> None:
    n_slides = values["n_slides"]
    if not (values["content"] or body.get("slides_markdown") or body.get("files")):
        raise Refused(400, "Either content or slides markdown or files is required to generate presentation")
    if n_slides is not None and n_slides <= 0:
        raise Refused(400, "Number of slides must be greater than 0")
    if n_slides is not None and n_slides > MOST_SLIDES:
        raise Refused(400, f"Number of slides cannot be greater than {MOST_SLIDES}")
    if n_slides is not None and n_slides < 3 and body.get("include_table_of_contents") is True:
        raise Refused(400, "Number of slides cannot be less than 3 if table of contents is included")
    if values["template"] not in TEMPLATES:
        raise Refused(400, "Template not found. Please use a valid template.")
    if values["export_as"] == "pdf":
        raise Refused(400, "This demo of Presenton makes PowerPoint files only: ask for pptx.")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongValue("string_type", "Input should be a valid string")
    if any("\ud800" <= character <= "\udfff" for character in value):
        problem = "Input should be a valid string, unable to parse raw data as a unicode string"
        raise _WrongValue("string_unicode", problem)
    return value


def _text_or_nothing(value: Any) -> str | None:
    return None if value is None else _text(value)


def _whole_number_or_nothing(value: Any) -> int | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        if not value.is_integer():
            problem = "Input should be a valid integer, got a number with a fractional part"
            raise _WrongValue("int_from_float", problem)
        return int(value)
    if not isinstance(value, str):
        raise _WrongValue("int_type", "Input should be a valid integer")
    try:
        return int(value)
    except ValueError:
        problem = "Input should be a valid integer, unable to parse string as an integer"
        raise _WrongValue("int_parsing", problem) from None


def _one_of(kind: str, words: tuple[str, ...]) -> Check:
    quoted = [f"'{word}'" for word in words]
    expected = f"{', '.join(quoted[:-1])} or {quoted[-1]}"

    def parse(value: Any) -> Any:
        if value not in words:
            raise _WrongValue(kind, f"Input should be {expected}", expected=expected)
        return value

    return parse


_REQUIRED = object()

# In the order of Presenton's own model, since faults come in this order.
_FIELDS: dict[str, tuple[Check, Any]] = {
    "content": (_text, _REQUIRED),
    "tone": (_one_of("enum", _TONES), "default"),
    "verbosity": (_one_of("enum", _VERBOSITIES), "standard"),
    "n_slides": (_whole_number_or_nothing, None),
    "language": (_text_or_nothing, None),
    "template": (_text, "general"),
    "export_as": (_one_of("literal_error", _FORMATS), "pptx"),
}
