"""What a model calls a function with: checked against its schema, in sentences that let the model correct itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from presentations.agent.functions import Function
from presentations.agent.schemas import Schema
from presentations.errors import InvalidRequest, LecternError, shown


class NotUnderstood(LecternError):
    """A call that no function can carry out."""


def parsed(arguments: Mapping[str, Any] | str | None) -> Mapping[str, Any]:
    """The arguments as a dict, of which OpenAI gives the JSON. Raises NotUnderstood."""
    try:
        given = json.loads(arguments or "{}") if isinstance(arguments, str | None) else arguments
    except (ValueError, RecursionError) as problem:
        raise NotUnderstood(f"the arguments are not valid JSON ({problem}). Send one JSON object.") from None
    if not isinstance(given, Mapping):
        raise NotUnderstood(f"the arguments are {type(given).__name__}. Send one JSON object.")
    return given


def checked(function: Function, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without those that are null, which models send for "none". Raises InvalidRequest."""
    for name, value in given.items():
        if name not in function.arguments:
            takes = ", ".join(function.arguments) or "no arguments"
            raise InvalidRequest(name, f"is not an argument of {function.name}: leave it out. It takes {takes}.")
        if value is not None:
            _check(name, function.arguments[name], value)
    values = {name: value for name, value in given.items() if value is not None}
    for name in function.required:
        if name not in values:
            raise InvalidRequest(name, f"is missing: give it. It is: {function.arguments[name]['description']}")
    return values


def _check(name: str, schema: Schema, value: object) -> None:
    match schema["type"]:
        case "string":
            _check_text(name, schema, value)
        case "boolean" if not isinstance(value, bool):
            raise InvalidRequest(name, f"expected true or false, got {_json(value)}.")
        case "integer":
            _check_number(name, schema, value)
        case "array":
            _check_list(name, schema, value)
        case "object":
            _check_object(name, schema, value)


def _check_text(name: str, schema: Schema, value: object) -> None:
    if not isinstance(value, str):
        raise InvalidRequest(name, f"expected text, got {_json(value)}.")
    if "enum" in schema and value not in schema["enum"]:
        raise InvalidRequest(name, f"expected one of {', '.join(schema['enum'])}, got {value!r}.")


def _check_number(name: str, schema: Schema, value: object) -> None:
    low, high = schema["minimum"], schema["maximum"]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidRequest(name, f"expected a whole number from {low} to {high}, got {_json(value)}.")


def _check_list(name: str, schema: Schema, value: object) -> None:
    low, high = schema.get("minItems", 0), schema["maxItems"]
    if not isinstance(value, list) or not low <= len(value) <= high:
        got = len(value) if isinstance(value, list) else _json(value)
        raise InvalidRequest(name, f"expected a list of {low} to {high}, got {got}.")
    for place, one in enumerate(value):
        _check(f"{name}.{place}", schema["items"], one)


def _check_object(name: str, schema: Schema, value: object) -> None:
    takes = ", ".join(schema["properties"])
    if not isinstance(value, Mapping):
        raise InvalidRequest(name, f"expected an object with {takes}, got {_json(value)}.")
    for key, one in value.items():
        if key not in schema["properties"]:
            raise InvalidRequest(f"{name}.{key}", f"is not known: leave it out. Give {takes}.")
        _check(f"{name}.{key}", schema["properties"][key], one)
    for key in schema["required"]:
        if key not in value:
            raise InvalidRequest(f"{name}.{key}", "is missing: give it.")


def _json(value: object) -> str:
    return json.dumps(value, default=shown)
