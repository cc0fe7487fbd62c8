"""Presenton's calls that generate, and that tell how it goes on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from presentations.demo import bodies
from presentations.demo.asked import check
from presentations.demo.checks import Refused, read_body
from presentations.demo.connections import cut
from presentations.demo.generation import Generation
from presentations.demo.progress import FAILED, Moment
from presentations.demo.state import needs, state, told_failure

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
    return bodies.result(generation.presentation_id, _path_of(generation))


@bp.post("/api/v1/ppt/presentation/generate/async")
def generate_async() -> ResponseReturnValue:
    needs(state().release.has_async)
    generation = _begin()
    if "lose_answer" in g.met:
        return hang_up()
    return _task(generation, generation.moments[0])


def _begin() -> Generation:
    now = state()
    asked = check(read_body(request.get_data(), request.is_json), now.release)
    failure = told_failure() or now.uploads.failure_of(asked.files)
    words = () if failure else now.uploads.words_of(asked.files)
    return now.generations.begin(asked, "stuck" in g.met, failure, words)


def hang_up() -> Response:
    """No answer: the connection is gone before this one could be sent."""
    cut(request.environ["werkzeug.socket"])
    return Response()


@bp.get("/api/v1/ppt/presentation/status/<task_id>", endpoint="status")
def presentation_status(task_id: str) -> ResponseReturnValue:
    needs(state().release.has_async)
    return _status(task_id, "No presentation generation task found")


@bp.get("/api/v1/async-tasks/status/<task_id>", endpoint="task_status")
def task_status(task_id: str) -> ResponseReturnValue:
    needs(state().release.has_async_tasks)
    return _status(task_id, "No async task found")


def _status(task_id: str, missing: str) -> ResponseReturnValue:
    generation = state().generations.find(task_id)
    if not generation:
        raise Refused(404, missing)
    return _task(generation, generation.moment)


def _task(generation: Generation, moment: Moment) -> dict[str, Any]:
    return bodies.task(generation, moment, state().release, _path_of(generation))


def _path_of(generation: Generation) -> str:
    return state().path_of(state().generations.file_name(generation))
