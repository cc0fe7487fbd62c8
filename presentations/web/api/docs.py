"""The API's description, for programs and for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import flask_swagger_ui
from apiflask import APIFlask
from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
)

docs = Blueprint("docs", __name__, url_prefix="/api")

_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
# Swagger UI draws its small pictures from data: addresses.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@docs.get("/openapi.json")
def openapi() -> Response:
    """The description, whose paths stand under the path that Lectern stands under."""
    described = cast(dict[str, Any], cast(APIFlask, current_app).spec)
    return jsonify(described | {"servers": [{"url": request.script_root or "/"}]})


@docs.get("/docs")
def page() -> Response:
    """Swagger UI, from our own server."""
    answer = make_response(render_template("api_docs.html"))
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@docs.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):filename>")
def asset(filename: str) -> Response:
    return send_from_directory(_ASSETS, filename, max_age=3600)
