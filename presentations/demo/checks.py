"""The body of a call, checked as Presenton checks it: what is not of its type is named, all at once (422)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from presentations.demo.identifiers import check_uuid

Detail = str | list[dict[str, Any]]
Check = Callable[[Any], Any]
REQUIRED = object()


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


def read_body(body: bytes, is_json: bool) -> Any:
    """The JSON in a request's body; text is left as it is when nobody says that it is JSON."""
    if not body:
        raise Refused(422, [{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}])
    try:
        decoded = body.decode()
        return json.loads(decoded) if is_json else decoded
    except json.JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ["body", error.pos], "msg": "JSON decode error", "input": {}}
        raise Refused(422, [fault | {"ctx": {"error": error.msg}}]) from None
    except (ValueError, RecursionError):
        raise Refused(400, "There was an error parsing the body") from None


def check_types(body: Any, fields: dict[str, tuple[Check, Any]]) -> dict[str, Any]:
    """The values of these `fields`: how each is checked, and what it is if it is left out. Raises Refused."""
    if not isinstance(body, dict):
        problem = "Input should be a valid dictionary or object to extract fields from"
        raise Refused(422, [{"type": "model_attributes_type", "loc": ["body"], "msg": problem, "input": body}])
    values: dict[str, Any] = {}
    faults = []
    for name, (parse, default) in fields.items():
        if name not in body and default is not REQUIRED:
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


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongValue("string_type", "Input should be a valid string")
    if any("\ud800" <= character <= "\udfff" for character in value):
        problem = "Input should be a valid string, unable to parse raw data as a unicode string"
        raise _WrongValue("string_unicode", problem)
    return value


def yes_or_no(value: Any) -> bool:
    """Presenton takes words for it as well, such as "yes"."""
    if not isinstance(value, bool):
        raise _WrongValue("bool_type", "Input should be a valid boolean")
    return value


def text_or_nothing(value: Any) -> str | None:
    return None if value is None else text(value)


def whole_number_or_nothing(value: Any) -> int | None:
    return None if value is None else whole_number(value)


def whole_number(value: Any) -> int:
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


def one_of(kind: str, words: tuple[str, ...]) -> Check:
    quoted = [f"'{word}'" for word in words]
    expected = f"{', '.join(quoted[:-1])} or {quoted[-1]}"

    def parse(value: Any) -> Any:
        if value not in words:
            raise _WrongValue(kind, f"Input should be {expected}", expected=expected)
        return value

    return parse


def list_of(check_one: Check) -> Check:
    def parse(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _WrongValue("list_type", "Input should be a valid list")
        return [check_one(one) for one in value]

    return parse


def list_of_texts_or_nothing(value: Any) -> list[str] | None:
    return None if value is None else [str(one) for one in list_of(text)(value)]


def slide_of(value: Any) -> dict[str, Any]:
    """Presenton says which of its parts is wrong; here it is the list as a whole."""
    if not (isinstance(value, dict) and isinstance(value.get("content"), dict)):
        raise _WrongValue(
            "model_attributes_type", "Input should be a valid dictionary or object to extract fields from"
        )
    return {"index": whole_number(value.get("index")), "content": value["content"]}


def uuid_of(value: Any) -> str:
    given, problem = check_uuid(text(value))
    if problem:
        raise _WrongValue("uuid_parsing", f"Input should be a valid UUID, {problem}", error=problem)
    return given
