"""Presenton's HTTP API."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, Response, abort, g, request, send_file
from flask.typing import ResponseReturnValue

from presentations.demo.asked import TEMPLATES, Refused, check, read_body
from presentations.demo.connections import cut
from presentations.demo.decks import Deck
from presentations.demo.generations import Generation
from presentations.demo.nginx import nginx_page
from presentations.demo.progress import COMPLETED, FAILED, QUEUED, Moment
from presentations.demo.releases import Release
from presentations.demo.state import state

_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

bp = Blueprint("api", __name__)


@bp.post("/api/v1/ppt/presentation/generate")
def generate() -> ResponseReturnValue:
    generation = _begin()
    if "lose_answer" in g.met:
        return hang_up()
    ended = state().generations.wait_for(generation)
    if ended is None:
        return hang_up()
    if ended.message == FAILED and generation.failure:
        raise Refused(generation.failure.status, generation.failure.detail)
    return generation.result


@bp.post("/api/v1/ppt/presentation/generate/async")
def generate_async() -> ResponseReturnValue:
    _needs(state().release.has_async)
    generation = _begin()
    if "lose_answer" in g.met:
        return hang_up()
    return task_body(generation, generation.moments[0], state().release)


def _begin() -> Generation:
    asked = check(read_body(request.get_data(), request.is_json))
    return state().generations.begin(asked, is_stuck="stuck" in g.met)


def hang_up() -> Response:
    """No answer: the connection is gone before this one could be sent."""
    cut(request.environ["werkzeug.socket"])
    return Response()


def _needs(is_there: bool) -> None:
    """Older releases do not know every path."""
    if not is_there:
        abort(404)


@bp.get("/api/v1/ppt/presentation/status/<task_id>", endpoint="status")
def presentation_status(task_id: str) -> ResponseReturnValue:
    _needs(state().release.has_async)
    return _status(task_id, "No presentation generation task found")


@bp.get("/api/v1/async-tasks/status/<task_id>", endpoint="task_status")
def task_status(task_id: str) -> ResponseReturnValue:
    _needs(state().release.has_task_type)
    return _status(task_id, "No async task found")


def _status(task_id: str, missing: str) -> ResponseReturnValue:
    generation = state().generations.find(task_id)
    if not generation:
        raise Refused(404, missing)
    return task_body(generation, generation.moment, state().release)


def task_body(generation: Generation, moment: Moment, release: Release) -> dict[str, Any]:
    """What Presenton tells of a task."""
    words = {QUEUED: "pending", COMPLETED: "completed", FAILED: "error"}
    failure = generation.failure if moment.message == FAILED else None
    return {
        **({"type": "presentation.generate"} if release.has_task_type else {}),
        "id": generation.id,
        "status": words.get(moment.message, release.working_word),
        "message": moment.message,
        "data": _task_data(generation, moment, release),
        "error": failure and {"status_code": failure.status, "detail": failure.detail},
        "created_at": generation.utc(0),
        "updated_at": generation.local(moment.at),
    }


def _task_data(generation: Generation, moment: Moment, release: Release) -> dict[str, Any] | None:
    data: dict[str, Any] = {}
    if release.has_counters:
        data |= {"created_slides": moment.created, "remaining_slides": moment.remaining}
    if release.has_early_id:
        data["presentation_id"] = generation.presentation_id
    if release.has_result and moment.message == COMPLETED:
        data |= generation.result
    return data or None


@bp.get("/api/v1/ppt/presentation/all", endpoint="all")
def all_presentations() -> ResponseReturnValue:
    decks = state().decks.newest_first()
    with_slides = request.args.get("include_slides", "true").lower() in ("true", "1", "yes", "on")
    return [deck.as_shown() if with_slides else deck.as_listed() for deck in decks]


@bp.get("/api/v1/ppt/presentation/<deck_id>")
def presentation(deck_id: str) -> ResponseReturnValue:
    return _deck(deck_id).as_shown()


@bp.delete("/api/v1/ppt/presentation/<deck_id>")
def delete_presentation(deck_id: str) -> ResponseReturnValue:
    if not state().decks.remove(_deck(deck_id).id):
        raise Refused(404, "Presentation not found")
    return "", 204


def _deck(deck_id: str) -> Deck:
    try:
        deck = state().decks.get(str(uuid.UUID(deck_id)))
    except ValueError:
        raise Refused(422, [_not_a_uuid(deck_id)]) from None
    if not deck:
        raise Refused(404, "Presentation not found")
    return deck


def _not_a_uuid(text: str) -> dict[str, Any]:
    wrong = re.search(r"[^0-9a-fA-F-]", text)
    problem = f"invalid character: found `{wrong[0]}` at {wrong.start() + 1}" if wrong else "invalid length"
    fault = {"type": "uuid_parsing", "loc": ["path", "id"], "msg": f"Input should be a valid UUID, {problem}"}
    return fault | {"input": text, "ctx": {"error": problem}}


@bp.get("/api/v1/ppt/template/all")
def templates() -> ResponseReturnValue:
    if not state().release.has_task_type:
        return [{"id": name, "name": name, "total_layouts": None} for name in TEMPLATES]
    items = [_template(name, layouts) for name, layouts in TEMPLATES.items()]
    return {"items": items, "total": len(items), "page": 1, "page_size": 20}


def _template(name: str, layouts: int) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.capitalize(),
        "description": "The demo makes every deck look the same.",
        "layout_count": layouts,
        "thumbnail": None,
        "is_default": True,
        "created_at": "2026-11-23T18:51:01.000000",
        "updated_at": "2026-11-23T18:51:01.000000",
    }


@bp.get("/app_data/exports/<file_name>")
def download(file_name: str) -> ResponseReturnValue:
    file = state().decks.export(file_name)
    return send_file(file, mimetype=_PPTX) if file else nginx_page(404)


@bp.get("/api/v1/auth/status")
def auth_status() -> ResponseReturnValue:
    """Open to everybody: a way to see that the server is up."""
    _needs(state().release.has_auth)
    is_known = state().credentials.method_of(request.authorization) is not None
    answer = {"configured": True, "authenticated": is_known, "username": _user_name() if is_known else None}
    if not state().release.has_roles:
        return answer
    return answer | {"user_id": None, "role": "admin" if is_known else None}


@bp.get("/api/v1/auth/verify")
def auth_verify() -> ResponseReturnValue:
    _needs(state().release.has_auth)
    answer = {"authenticated": True, "username": _user_name()}
    if not state().release.has_roles:
        return answer
    return answer | {"role": "admin", "method": state().credentials.method_of(request.authorization)}


def _user_name() -> str:
    credentials = state().credentials
    return credentials.username or "admin" if credentials.are_needed else "electron"
