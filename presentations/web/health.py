"""For those who watch over the web: does it live, and is it ready?"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response

from presentations.operations import essentials
from presentations.web.current import servers

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is looked at."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


@health.get("/readyz")
def ready() -> Response:
    """Whether pages can be served now. Says which check fails and not why: anybody may ask."""
    failing = [check.name for check in essentials(servers()) if check.problem]
    return make_response(jsonify(ready=not failing, failing=failing), 503 if failing else 200)
