"""What every request to the API has to be like, before its own fields are looked at."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from presentations.web.api import problems
from presentations.web.api.blueprint import api

ACTING = "user_id"


def sent() -> Any:
    """The JSON that was sent, None when there is none that can be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def takes_body() -> bool:
    return "body" in _declared()


@api.before_request
def _refuse_unknown_parameters() -> Response | None:
    known = {name for schema, where in _declared().get("args", []) if where == "query" for name in schema.fields}
    unknown = [name for name in request.args if name not in known | {ACTING}]
    if not unknown:
        return None
    return problems.of_fields([problems.field(name, "Unknown parameter.") for name in unknown])


@api.before_request
def _refuse_what_is_no_json() -> Response | None:
    if not takes_body():
        return None
    if not request.is_json:
        return problems.problem(415, "Send JSON, with Content-Type: application/json.")
    # null is JSON, too, and refused for what it is.
    if sent() is None and request.get_data().strip() != b"null":
        return problems.problem(400, "The body is not JSON.")
    return None


def _declared() -> dict[str, Any]:
    """What the route has said it takes."""
    declared: dict[str, Any] = getattr(current_app.view_functions[str(request.endpoint)], "_spec", {})
    return declared
