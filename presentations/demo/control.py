"""What only the demo has: faults on demand, decks of other people, and how often it was asked."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from presentations.demo.checks import Refused, read_body
from presentations.demo.faults import InvalidFault
from presentations.demo.state import state

bp = Blueprint("control", __name__)


@bp.get("/demo/faults")
def faults() -> ResponseReturnValue:
    return [fault.as_json() for fault in state().faults.standing()]


@bp.post("/demo/faults")
def add_fault() -> ResponseReturnValue:
    body = read_body(request.get_data(), request.is_json)
    if not isinstance(body, dict):
        raise Refused(400, 'A fault is a JSON object, such as {"kind": "hang"}, sent as application/json.')
    try:
        return state().faults.add(body.pop("kind", None), **body).as_json(), 201
    except InvalidFault as problem:
        raise Refused(400, str(problem)) from None


@bp.delete("/demo/faults")
def clear_faults() -> ResponseReturnValue:
    state().faults.clear()
    return "", 204


@bp.post("/demo/decks")
def add_deck() -> ResponseReturnValue:
    """A deck that somebody makes on Presenton's own pages: of `slides` slides by now, a draft if that is left out."""
    body = read_body(request.get_data(), request.is_json)
    told = body if isinstance(body, dict) else {}
    content, n_slides, written = told.get("content"), told.get("n_slides", 8), told.get("slides", 0)
    if not (isinstance(content, str) and isinstance(n_slides, int) and isinstance(written, int)):
        raise Refused(400, 'A deck is a JSON object, such as {"content": "Rome", "n_slides": 5, "slides": 5}.')
    people = state().people
    deck_id = people.begin(content, n_slides, str(told.get("language", "")))
    if written:
        people.write(deck_id, written)
    return {"id": deck_id}, 201


@bp.get("/demo/requests")
def requests() -> ResponseReturnValue:
    return state().counts.as_json()
