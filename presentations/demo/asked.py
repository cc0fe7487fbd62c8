"""What a generate call asks for, checked as Presenton checks it: types first (422, all at once), then rules (400)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from presentations.demo.identifiers import check_uuid
from presentations.demo.releases import Release

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
    export_as: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What an edit puts over the content of slides, each by its index. Without any the deck is just exported."""

    presentation_id: str
    slides: dict[int, dict[str, Any]]
    export_as: str


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


def check(body: Any, release: Release) -> Asked:
    """Raise Refused unless the body can be worked on. Unknown fields are ignored."""
    values = _check_types(body, _FIELDS | _fields_of(release))
    _check_rules(body, values, release)
    return Asked(**values | {"language": values["language"] or release.language, "files": tuple(values["files"] or ())})


def check_change(body: Any) -> Change:
    """Raise Refused unless the body says what to change, or to export."""
    values = _check_types(body, _CHANGE)
    return Change(**values | {"slides": {slide["index"]: slide["content"] for slide in values["slides"]}})


def check_export(body: Any) -> str:
    """The format that is asked for. Raises Refused if there is no such."""
    export_as: str = _check_types(body, _EXPORT)["export_as"]
    return export_as


def _fields_of(release: Release) -> dict[str, tuple[Check, Any]]:
    if release.n_slides is None:
        return {}
    return {"n_slides": (_whole_number, release.n_slides), "language": (_text, release.language)}


def _check_types(body: Any, fields: dict[str, tuple[Check, Any]]) -> dict[str, Any]:
    if not isinstance(body, dict):
        problem = "Input should be a valid dictionary or object to extract fields from"
        raise Refused(422, [{"type": "model_attributes_type", "loc": ["body"], "msg": problem, "input": body}])
    values: dict[str, Any] = {}
    faults = []
    for name, (parse, default) in fields.items():
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


def _check_rules(body: dict[str, Any], values: dict[str, Any], release: Release) -> None:
    n_slides = values["n_slides"]
    if not (values["content"] or body.get("slides_markdown") or body.get("files")):
        raise Refused(400, "Either content or slides markdown or files is required to generate presentation")
    if n_slides is not None and n_slides <= 0:
        raise Refused(400, "Number of slides must be greater than 0")
    if n_slides is not None and release.most_slides and n_slides > release.most_slides:
        raise Refused(400, f"Number of slides cannot be greater than {release.most_slides}")
    if n_slides is not None and n_slides < 3 and body.get("include_table_of_contents") is True:
        raise Refused(400, "Number of slides cannot be less than 3 if table of contents is included")
    if not release.has_template(values["template"]):
        raise Refused(400, "Template not found. Please use a valid template.")


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
    return None if value is None else _whole_number(value)


def _whole_number(value: Any) -> int:
    if isinstance(value, int):
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


def _list_of(check_one: Check) -> Check:
    def parse(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _WrongValue("list_type", "Input should be a valid list")
        return [check_one(one) for one in value]

    return parse


def _list_of_texts_or_nothing(value: Any) -> list[str] | None:
    return None if value is None else [str(one) for one in _list_of(_text)(value)]


def _slide(value: Any) -> dict[str, Any]:
    """Presenton says which of its parts is wrong; here it is the list as a whole."""
    if not (isinstance(value, dict) and isinstance(value.get("content"), dict)):
        raise _WrongValue(
            "model_attributes_type", "Input should be a valid dictionary or object to extract fields from"
        )
    return {"index": _whole_number(value.get("index")), "content": value["content"]}


def _uuid(value: Any) -> str:
    text, problem = check_uuid(_text(value))
    if problem:
        raise _WrongValue("uuid_parsing", f"Input should be a valid UUID, {problem}", error=problem)
    return text


_REQUIRED = object()

# In the order of Presenton's own model, since faults come in this order.
_FIELDS: dict[str, tuple[Check, Any]] = {
    "content": (_text, _REQUIRED),
    "tone": (_one_of("enum", _TONES), "default"),
    "verbosity": (_one_of("enum", _VERBOSITIES), "standard"),
    "n_slides": (_whole_number_or_nothing, None),
    "language": (_text_or_nothing, None),
    "template": (_text, "general"),
    "files": (_list_of_texts_or_nothing, None),
    "export_as": (_one_of("literal_error", _FORMATS), "pptx"),
}
_EXPORT: dict[str, tuple[Check, Any]] = {"export_as": (_one_of("literal_error", _FORMATS), _REQUIRED)}
_CHANGE: dict[str, tuple[Check, Any]] = {
    "presentation_id": (_uuid, _REQUIRED),
    "slides": (_list_of(_slide), _REQUIRED),
    "export_as": (_one_of("literal_error", _FORMATS), "pptx"),
}
