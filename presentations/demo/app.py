"""The Flask app: what happens to every request before and after its view."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from presentations.demo import api, auth_api, control, deck_api, draft_api, pages, source_api
from presentations.demo.checks import Refused, read_body
from presentations.demo.faults import Fault, Faults
from presentations.demo.nginx import nginx_page, web_server_page
from presentations.demo.state import State, state

_HOSTS = ("127.0.0.1", "localhost")
_OPEN_PATHS = ("/api/v1/auth/status", "/api/v1/auth/login", "/demo/")
_PIECES = 20
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def create_app(demo: State) -> Flask:
    app = Flask(__name__, static_url_path="/demo/static")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["demo"] = demo
    for blueprint in (api.bp, deck_api.bp, draft_api.bp, auth_api.bp, source_api.bp, pages.bp, control.bp):
        app.register_blueprint(blueprint)
    for step in (_read, _meet_faults, _admit):
        app.before_request(step)
    app.after_request(_protect)
    app.after_request(_spoil)
    app.register_error_handler(Refused, _refuse)
    app.register_error_handler(HTTPException, _say_what_is_wrong)
    return app


def _read() -> ResponseReturnValue | None:
    request.get_data()  # all of it, whatever becomes of it: the connection is used again
    g.met = {}
    if request.host.partition(":")[0] not in _HOSTS:
        return Response("This demo is for its own computer only.", 400, mimetype="text/plain")
    if not request.path.startswith("/demo/"):
        kind = (request.endpoint or "unknown").rpartition(".")[2]
        state().counts.note_request(kind, _content() if kind in ("generate", "generate_async") else None)
    state().generations.settle()
    return None


def _content() -> str | None:
    try:
        body = read_body(request.get_data(), request.is_json)
    except Refused:
        return None
    content = body.get("content") if isinstance(body, dict) else None
    return content if isinstance(content, str) else None


def _meet_faults() -> ResponseReturnValue | None:
    if request.path.startswith("/demo/"):
        return None
    faults = state().faults
    met: dict[str, Fault] = faults.meet(request.path)
    g.met = met
    if "hang" in met:
        faults.pause(met["hang"], met["hang"].seconds_left)
        return api.hang_up()
    if "slow" in met:
        faults.pause(met["slow"], met["slow"].delay)
    if "web_server" in met:
        return web_server_page(met["web_server"].found)
    return _error_of(met["status"]) if "status" in met else None


def _error_of(fault: Fault) -> ResponseReturnValue:
    return nginx_page(fault.status) if fault.html else ({"detail": fault.detail}, fault.status)


def _admit() -> ResponseReturnValue | None:
    if request.path.startswith(_OPEN_PATHS) or auth_api.method():
        return None
    if request.path.startswith("/api/"):
        if "not_set_up" in g.met:
            return jsonify(detail="Login setup is required", setup_required=True), 428
        raise Refused(401, "Unauthorized")
    if request.path.startswith("/app_data/") or not state().credentials.username:
        return nginx_page(401)
    return _ask_who_it_is()


def _ask_who_it_is() -> ResponseReturnValue | None:
    """The pages of the demo ask by HTTP Basic, whatever the release that it plays makes of that."""
    if state().credentials.method_of(request.authorization, None, ("basic",)):
        return None
    answer = Response("The demo needs its user name and password.", 401, mimetype="text/plain")
    answer.www_authenticate.type = "basic"
    return answer


def _protect(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _spoil(answer: Response) -> Response:
    if "lose_answer" in g.met:
        answer.close()  # it may have a file open
        return api.hang_up()
    if "withhold" in g.met:
        state().faults.pause(g.met["withhold"], g.met["withhold"].seconds_left)
    if "rubbish" in g.met:
        answer.direct_passthrough = False  # a file's content is spoilt like any other
        answer.status_code = 200
        _fill_with_rubbish(answer, answer.get_data(), g.met["rubbish"].form)
    if "trickle" in g.met:
        answer.direct_passthrough = False
        answer.response = _in_pieces(answer.get_data(), g.met["trickle"], state().faults)
    return answer


def _in_pieces(body: bytes, fault: Fault, faults: Faults) -> Iterator[bytes]:
    size = len(body) // _PIECES + 1
    for start in range(0, len(body), size):
        yield body[start : start + size]
        faults.pause(fault, fault.delay / _PIECES)


def _fill_with_rubbish(answer: Response, body: bytes, form: str) -> None:
    if form == "html":
        answer.mimetype = "text/html"
        answer.set_data("<!doctype html><title>Hello</title><p>This is not what you asked for.</p>")
    elif form == "truncated":
        answer.set_data(body[: len(body) // 2])
    else:
        answer.mimetype = "application/json"
        answer.set_data(json.dumps(_rubbish(answer.get_json(silent=True), form)))


def _rubbish(body: Any, form: str) -> Any:
    if form == "list":
        return [body]
    if form == "missing_fields":
        return {} if isinstance(body, dict) else [{}]
    if isinstance(body, dict):
        return {name: 17 if isinstance(value, str) else "seventeen" for name, value in body.items()}
    return ["seventeen"]


def _refuse(refused: Refused) -> ResponseReturnValue:
    is_old = not state().release.has_error_codes and (request.endpoint or "").endswith(".generate")
    if is_old and refused.status not in (401, 422):
        return jsonify(detail="Presentation generation failed"), 500
    return jsonify(detail=refused.detail), refused.status


def _say_what_is_wrong(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status == 500:
        return Response("Internal Server Error", 500, mimetype="text/plain")
    if request.path.startswith("/app_data/"):
        return nginx_page(status)
    if not request.path.startswith(("/api/", "/demo/")):
        return pages.error_page(status, error.name, "This demo has no such page.")
    if status == 404 and request.path.endswith("/"):
        # As nginx does it in front of Presenton: the port is lost.
        return Response(status=307, headers={"Location": f"http://127.0.0.1{request.path.rstrip('/')}"})
    return jsonify(detail=error.name), status
