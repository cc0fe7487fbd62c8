"""What every request to the API has to be like, before its own fields are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, current_app, request

from presentations.errors import InvalidRequest
from presentations.library import MAX_FILES
from presentations.web.api import problems
from presentations.web.api.blueprint import api
from presentations.web.uploads import FORM, has_begun, receive_form, room_for_material

ACTING = "user_id"
# What takes a form with files in it, and how many.
_FILES = {"api.add_file": 1, "api.create_presentation": MAX_FILES}
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


def is_form() -> bool:
    """Whether it comes as a form with files, where those are taken."""
    return request.endpoint in _FILES and request.mimetype == FORM


def receive(person: str) -> None:
    """Read such a form, once; all that does not need it has been looked at. Raises as `receive_form`."""
    if is_form() and not has_begun():
        receive_form(person, room_for_material(_FILES[request.endpoint or ""]))


def named_user() -> Any:
    """For whom to act, by a field of the body; of a form, only once it was received."""
    if is_form():
        return request.form.get(ACTING) if has_begun() else None
    value = sent() if takes_body() else None
    return value.get(ACTING) if isinstance(value, dict) else None


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
    if not takes_body() or is_form() or (_declared()["operation_id"] in OPTIONAL and not request.get_data()):
        return None
    if not request.is_json:
        also = f" With files it is a form: {FORM}." if request.endpoint in _FILES else ""
        return problems.problem(415, f"Send JSON, with Content-Type: application/json.{also}")
    # null is JSON, too, and refused for what it is.
    if sent() is None and request.get_data().strip() != b"null":
        return problems.problem(400, "The body is not JSON. Send one JSON object.")
    return None


def _declared() -> dict[str, Any]:
    """What the route has said it takes."""
    declared: dict[str, Any] = getattr(current_app.view_functions[str(request.endpoint)], "_spec", {})
    return declared
