"""The OpenAPI document: what holds for every route, beside what each says of itself."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from presentations.library import KEY_HEADER, KEY_PATTERN, MAX_FILES
from presentations.validation import ID_PATTERN, MAX_USER_ID, TEXT_PATTERN
from presentations.web.api.bearer import HEADER, HEADER_PATTERN
from presentations.web.api.body import ACTING, OPTIONAL
from presentations.web.api.fields import MAX_VERSION
from presentations.web.api.problems import MIMETYPE
from presentations.web.api.uploads import TAKEN
from presentations.web.uploads import FORM

_ABOUT = """
Lectern makes slide presentations in the background: ask for one, go on with something else, and see what became of it.

Send a token as `Authorization: Bearer lectern_...`; they are made on the account page. A token that acts for everybody
names the user with `X-Lectern-User`, or with `user_id` as a parameter or a field. In the browser, the session of the
page works as well, with its CSRF token as `X-CSRFToken`.

Errors are `application/problem+json`; `errors` names the fields. Every answer to a token says how many requests are
left (`RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset` in seconds). A POST with an `Idempotency-Key` may be
sent again for a day: it gets the first answer.
"""

_USER = {"type": "string", "minLength": 1, "maxLength": MAX_USER_ID, "pattern": ID_PATTERN}
_PARAMETERS = {
    "ActingHeader": {
        "in": "header",
        "name": HEADER,
        "schema": {"type": "string", "pattern": HEADER_PATTERN},
        "description": "For whom to act; only with a token that acts for everybody.",
    },
    "ActingParameter": {"in": "query", "name": ACTING, "schema": _USER, "description": f"As {HEADER}."},
    "IdempotencyKey": {
        "in": "header",
        "name": KEY_HEADER,
        "schema": {"type": "string", "pattern": KEY_PATTERN},
        "description": "Sent again with the same key, this request gets the first answer.",
    },
    "Range": {
        "in": "header",
        "name": "Range",
        "schema": {"type": "string"},
        "description": "Which part is wanted, such as `bytes=0-999`; with `If-Range` only if it is still the same.",
    },
    "IfNoneMatch": {
        "in": "header",
        "name": "If-None-Match",
        "schema": {"type": "string"},
        "description": "The ETag of what is there already.",
    },
}
_IN_PATH = {
    "presentation_id": {"type": "string", "format": "uuid"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "version": {"type": "integer", "minimum": 1, "maximum": MAX_VERSION},
}
_PROBLEMS = {
    "400": "The body is not JSON, or the CSRF token is missing.",
    "401": "There is no token that works, and nobody is signed in.",
    "403": "The token does not reach that far.",
    "404": "There is no such thing, or it is somebody else's.",
    "409": "Several users are named, or the first request with this Idempotency-Key is still being answered.",
    "413": "The body is larger than 1 MB; files, than they may be.",
    "415": "The body is not said to be JSON, or what a file is sent as.",
    "416": "The file has no such part; Content-Range says how long it is.",
    "422": "Some fields or parameters cannot be used.",
    "429": "Too many requests; Retry-After says how long to wait.",
    "503": "The database is away; Retry-After says when to try again.",
}

_BINARY = {"type": "string", "format": "binary"}
_A_FILE = {"content": {kind: {"schema": _BINARY} for kind in TAKEN}}
_MATERIAL = {
    "type": "object",
    "description": "A file to make presentations from.",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": _BINARY, ACTING: _USER},
}
# Of which APIFlask knows nothing.
_BODIES: dict[str, Any] = {
    "putFile": _A_FILE,
    "addFile": {"content": {FORM: {"schema": _MATERIAL}}},
    "createPresentation": {
        "content": {
            kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}
            for kind, name in (("application/json", "NewPresentation"), (FORM, "NewPresentationForm"))
        }
    },
}
_SOME_TEXT = {"required": ["text"], "properties": {"text": {"type": "string", "pattern": TEXT_PATTERN}}}
_SOME_FILES = {"required": ["file_ids"], "properties": {"file_ids": {"minItems": 1}}}
_MADE_FROM: list[dict[str, Any]] = [{"required": ["topic"]}, _SOME_TEXT, _SOME_FILES]

_ANY_ITEM = {
    "anyOf": [
        {"$ref": "#/components/schemas/BatchItem"},
        {"description": "Anything else is refused by itself: its result says why."},
    ]
}
_PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "problem"],
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}


def init_app(app: APIFlask) -> None:
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=_ABOUT.strip(),
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_TAGS=False,
        AUTO_SERVERS=False,
        SECURITY_SCHEMES={
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": app.config["SESSION_COOKIE_NAME"],
                "description": "Over https `__Host-` stands before its name, or `__Secure-` under a path.",
            },
        },
    )
    app.spec_processor(_complete)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(spec, str):  # it could be YAML, but is not
        return spec
    parts = spec["components"]
    parts["parameters"] = _PARAMETERS
    parts["responses"] = {f"Problem{code}": _response(sentence) for code, sentence in _PROBLEMS.items()}
    parts["schemas"]["Problem"] = _PROBLEM
    for name in ("ChangedPresentation", "ChangedSlide"):
        parts["schemas"][name]["minProperties"] = 1
    new = parts["schemas"]["NewPresentation"]
    parts["schemas"]["NewPresentationForm"] = _as_form(new)
    for one in (new, parts["schemas"]["BatchItem"]):
        one["anyOf"] = _MADE_FROM
    parts["schemas"]["NewBatch"]["properties"]["items"]["items"] = _ANY_ITEM
    spec["security"] = [{"bearer": []}, {"session": []}]
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _complete_operation(path, method, operation)
    return spec


def _as_form(schema: dict[str, Any]) -> dict[str, Any]:
    """The same as a form, which has no null and may bring files."""
    fields = {name: _without_null(field) for name, field in schema["properties"].items()}
    fields["file"] = {"type": "array", "items": _BINARY, "maxItems": MAX_FILES, "description": "What it is made from."}
    also = {"required": ["file"], "properties": {"file": {"minItems": 1}}}
    return schema | {"properties": fields, "anyOf": [*_MADE_FROM, also]}


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    kinds, values = field["type"], field.get("enum")
    field = field | {"type": kinds if isinstance(kinds, str) else next(kind for kind in kinds if kind != "null")}
    return field if values is None else field | {"enum": [value for value in values if value is not None]}


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter["in"] == "path" and (schema := _IN_PATH.get(parameter["name"])):
            parameter["schema"] = schema
    names = ["ActingHeader", "ActingParameter"] + (["IdempotencyKey"] if method == "post" else [])
    names += ["Range", "IfNoneMatch"] if "206" in operation["responses"] else []
    operation["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in names]
    if operation["operationId"] in _BODIES:
        operation["requestBody"] = dict(_BODIES[operation["operationId"]])
    takes_body = "requestBody" in operation
    if takes_body:
        operation["requestBody"]["required"] = operation["operationId"] not in OPTIONAL
    is_met = {"404": "{" in path or path.endswith("/move")}
    is_met |= dict.fromkeys(("413", "415"), takes_body) | {"416": "416" in operation["responses"]}
    for code in _PROBLEMS:
        if is_met.get(code, True):
            operation["responses"][code] = {"$ref": f"#/components/responses/Problem{code}"}
    operation["responses"]["414"] = {"description": "The address is too long.", "content": {"text/html": {}}}
    operation["responses"].get("304", {}).pop("content", None)


def _response(sentence: str) -> dict[str, Any]:
    content = {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": sentence, "content": content}
