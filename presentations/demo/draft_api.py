"""Presenton's calls for an outline first: a draft is created, and its outline is streamed while it is written."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from presentations.demo import bodies
from presentations.demo.asked import check_draft
from presentations.demo.checks import Refused, read_body
from presentations.demo.connections import cut, is_gone
from presentations.demo.deck_api import deck_of
from presentations.demo.markdown import markdown_of
from presentations.demo.outlines import Outline
from presentations.demo.state import State, needs, state, told_failure
from presentations.demo.writing import slides_to_tell

# Read in Presenton's code: whatever else goes wrong is told so.
_FAILED = "Failed to generate presentation outlines. Please try again."

bp = Blueprint("drafts", __name__)


@bp.post("/api/v1/ppt/presentation/create")
def create() -> ResponseReturnValue:
    now = state()
    needs(now.release.has_outlines)
    asked = check_draft(read_body(request.get_data(), request.is_json), now.release)
    draft = bodies.draft(now.decks.draft(asked), asked, now.release)
    return draft | {name: f"{draft[name]}Z" for name in ("created_at", "updated_at")}


@bp.get("/api/v1/ppt/outlines/<deck_id>")
def outlines(deck_id: str) -> ResponseReturnValue:
    """Recorded of drafts with an outline and of decks; that it is empty before was read in the code."""
    needs(state().release.has_outlines)
    deck = deck_of(deck_id)
    return bodies.outline(deck.outline or map(markdown_of, deck.slides))


@bp.get("/api/v1/ppt/outlines/stream/<deck_id>")
def stream_outlines(deck_id: str) -> ResponseReturnValue:
    now = state()
    needs(now.release.has_outlines)
    deck = deck_of(deck_id)
    if not deck.asked:
        raise Refused(500, _FAILED)  # a deck of the API: nobody asks for its outline again
    asked = deck.asked
    failure = told_failure() or now.uploads.failure_of(asked.files)
    outline = now.outlines.begin(deck.id, asked, failure)
    connection = request.environ["werkzeug.socket"]
    events: Iterator[str] | list[str] = _events(now, outline, connection, "cut" in g.met)
    if "lose_answer" in g.met:
        events = list(events)  # the work is done first
    return Response(events, mimetype="text/event-stream")


def _events(now: State, outline: Outline, connection: socket.socket, is_cut: bool) -> Iterator[str]:
    try:
        yield _event("status", status="Preparing your presentation outline")
        yield _event("status", status="Drafting your presentation outline")
        if not outline.failure:
            yield from _chunks(now, outline, connection, is_cut)
        if not now.outlines.wait_for(outline) or is_gone(connection):
            cut(connection)
        else:
            yield _end(now, outline)
    finally:
        now.outlines.end(outline)


def _chunks(now: State, outline: Outline, connection: socket.socket, is_cut: bool) -> Iterator[str]:
    parts = [json.dumps({"content": markdown}) for markdown in _written(now, outline)]
    for number, part in enumerate(parts):
        is_there = now.outlines.write_part()
        if not is_there or (is_cut and number == len(parts) // 2):
            cut(connection)
            return
        start, end = '{"slides": [' if not number else ", ", "" if part is not parts[-1] else "]}"
        yield _event("chunk", chunk=f"{start}{part}{end}")


def _written(now: State, outline: Outline) -> list[str]:
    words = now.uploads.words_of(outline.asked.files)
    return [markdown_of(slide) for slide in slides_to_tell(outline.asked, words)]


def _end(now: State, outline: Outline) -> str:
    """The shape of an error was read in Presenton's code (SSEErrorResponse); that of a lost file is guessed so."""
    if outline.failure:
        return _event("error", detail=outline.failure.detail)
    deck = now.decks.outline(outline.draft_id, _written(now, outline))
    if not deck:
        return _event("error", detail=_FAILED)
    draft = bodies.draft(deck, outline.asked, now.release)
    return _event("complete", presentation=draft | {"updated_at": f"{draft['updated_at']}Z"})


def _event(kind: str, **fields: Any) -> str:
    return f"event: response\ndata: {json.dumps({'type': kind} | fields)}\n\n"
