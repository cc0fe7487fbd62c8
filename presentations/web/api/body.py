"""What every request to the API has to be like, before its own fields are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, current_app, request

from presentations.errors import InvalidRequest
from presentations.web.api import problems
from presentations.web.api.blueprint import api

ACTING = "user_id"
OPTIONAL = ("makePresentation",)
"""The operations that can do without a body."""

# What follows reads the value again, by functions that call themselves.
_MOST_LEVELS = 20


def sent() -> Any:
    """The JSON that was sent, None when there is none that can be read. Raises InvalidRequest when it is too deep."""
    try:
        value = request.get_json(silent=True)
    except RecursionError:
        return None
    level = [value]
    for _ in range(_MOST_LEVELS):
        level = [inner for outer in level for inner in _within(outer)]
    if level:
        raise InvalidRequest("body", f"expected lists and objects at most {_MOST_LEVELS} deep, one within another")
    return value


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def takes_body() -> bool:
    return "body" in _declared()


@api.before_request
def _refuse_unknown_parameters() -> Response | None:
    known = {name for schema, where in _declared().get("args", []) if where == "query" for name in schema.fields}
    unknown = [name for name in request.args if name not in known | {ACTING}]
    if not unknown:
        return None
    taken = ", ".join(sorted(known)) or "none"
    return problems.of_fields(
        [problems.field(name, f"Unknown parameter: expected one of {taken}.") for name in unknown]
    )


@api.before_request
def _refuse_what_is_no_json() -> Response | None:
    if not takes_body() or (_declared()["operation_id"] in OPTIONAL and not request.get_data()):
        return None
    if not request.is_json:
        return problems.problem(415, "Send JSON, with Content-Type: application/json.")
    # null is JSON, too, and refused for what it is.
    if sent() is None and request.get_data().strip() != b"null":
        return problems.problem(400, "The body is not JSON. Send one JSON object.")
    return None


def _declared() -> dict[str, Any]:
    """What the route has said it takes."""
    declared: dict[str, Any] = getattr(current_app.view_functions[str(request.endpoint)], "_spec", {})
    return declared
