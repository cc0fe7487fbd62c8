"""What went wrong, as application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from apiflask.exceptions import HTTPError
from flask import Response, current_app, json, request

from presentations.errors import shown

MIMETYPE = "application/problem+json"
# A request of a megabyte has room for hundreds of thousands.
MOST_ERRORS = 20


def problem(status: int, sentence: str, errors: list[dict[str, str]] | None = None) -> Response:
    """An answer that says what went wrong; `errors` names each field and its problem."""
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
    }
    if errors:
        said["errors"] = errors
    return current_app.response_class(json.dumps(said) + "\n", status, mimetype=MIMETYPE)


def field(name: str, what: str) -> dict[str, str]:
    return {"field": name, "problem": what}


def of_fields(errors: list[dict[str, str]]) -> Response:
    """422, naming the fields."""
    return problem(422, "; ".join(f"{error['field']}: {error['problem']}" for error in errors), errors)


def of_validation(error: HTTPError) -> Response:
    """What a schema found wrong: the first of it."""
    return of_fields(
        list(
            islice(
                (one for where, group in error.detail.items() for one in wrong(group, _sent(where, group))), MOST_ERRORS
            )
        )
    )


def wrong(messages: Any, sent: Any) -> Iterator[dict[str, str]]:
    """What a schema found wrong with what was sent: each field and its problem."""
    for name, what in _flat(messages, "", sent):
        yield field(name, what)


def _sent(where: str, wrong: Any) -> Any:
    """The body, or of a query or a form what is wrong in it: a list of that of which each value was looked at."""
    if where != "query" and (body := request.get_json(silent=True)):
        return body
    sent = request.args if where == "query" else request.form
    return {
        name: sent.getlist(name) if isinstance(messages, Mapping) else sent[name]
        for name, messages in wrong.items()
        if name in sent
    }


def _flat(messages: Any, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Marshmallow nests its messages as deep as the values are."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            is_whole = key == "_schema"
            yield from _flat(inner, *((name, value) if is_whole else (f"{name}.{key}".lstrip("."), _inner(value, key))))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield name or "body", _in_our_words(str(message), value)


def _inner(value: Any, key: Any) -> Any:
    """What was sent for one field or place; None where nothing was."""
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def _in_our_words(message: str, value: Any) -> str:
    """What is expected, and what was sent."""
    for theirs, ours in _OURS.items():
        if message.startswith(theirs):
            message = ours + message.removeprefix(theirs)
            break
    says_it = value is None or ", got " in message or not message.lower().startswith(("expected", "must be"))
    return message if says_it else f"{message.removesuffix('.')}, got {shown(value)}."


# How marshmallow's messages begin, and how ours do.
_OURS = {
    "Not a valid ": "Expected a valid ",
    "Invalid input type.": "Expected an object.",
    "Missing data for required field.": "Is missing: give it.",
    "Field may not be null.": "Expected a value, got null.",
    "Unknown field.": "Unknown field: leave it out.",
}
