"""What went wrong, as application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from apiflask.exceptions import HTTPError
from flask import Response, current_app, json

MIMETYPE = "application/problem+json"


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
    """What a schema found wrong."""
    found = [field(name, what) for group in error.detail.values() for name, what in _flat(group, "")]
    return of_fields(found)


def _flat(messages: Any, name: str) -> Iterator[tuple[str, str]]:
    """Marshmallow nests its messages as deep as the values are."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, name if key == "_schema" else f"{name}.{key}".lstrip("."))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield name or "body", str(message)
