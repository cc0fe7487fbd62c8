"""Presenton's calls for decks that are there: list, show, change, export, delete and download them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, g, request, send_file
from flask.typing import ResponseReturnValue

from presentations.demo import bodies
from presentations.demo.asked import check_change, check_export
from presentations.demo.checks import Refused, read_body
from presentations.demo.credentials import USER_ID
from presentations.demo.decks import Deck
from presentations.demo.identifiers import check_uuid
from presentations.demo.nginx import nginx_page
from presentations.demo.outline import Slide
from presentations.demo.state import needs, state, told_failure

_TYPES = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pdf": "application/pdf",
}

bp = Blueprint("decks", __name__)


@bp.get("/api/v1/ppt/presentation/all", endpoint="all")
def all_presentations() -> ResponseReturnValue:
    """With its first slide each, so without drafts; or with none, and then drafts are there, too."""
    decks, release = state().decks.newest_first(), state().release
    asked = request.args.get("include_slides", "true").lower()
    if release.has_bare_list and asked not in ("true", "1", "yes", "on"):
        return [bodies.deck(deck, release, []) for deck in decks]
    return [bodies.deck(deck, release, deck.slides[:1]) for deck in decks if deck.slides]


@bp.get("/api/v1/ppt/presentation/<deck_id>")
def presentation(deck_id: str) -> ResponseReturnValue:
    deck = _deck(deck_id)
    return bodies.deck(deck, state().release, deck.slides)


@bp.delete("/api/v1/ppt/presentation/<deck_id>")
def delete_presentation(deck_id: str) -> ResponseReturnValue:
    if not state().decks.remove(_deck(deck_id).id):
        raise Refused(404, "Presentation not found")
    return Response(status=204, mimetype="application/json")


@bp.post("/api/v1/ppt/presentation/edit")
def edit() -> ResponseReturnValue:
    if "no_export" in g.met:
        abort(405)  # as for any path of this form that is known to other methods
    change = check_change(read_body(request.get_data(), request.is_json))
    deck = _deck(change.presentation_id)
    if change.slides:
        slides = [_changed(slide, change.slides.get(index, {})) for index, slide in enumerate(deck.slides)]
        state().decks.change(deck.id, slides)
    return _export(deck, change.export_as)


def _changed(slide: Slide, content: dict[str, Any]) -> Slide:
    title, points = content.get("title", slide.title), content.get("bulletPoints", slide.points)
    rest = {name: value for name, value in content.items() if name not in ("title", "bulletPoints")}
    return replace(slide, title=str(title), points=tuple(map(str, points)), changed=slide.changed | rest)


@bp.post("/api/v1/ppt/presentation/<deck_id>/export")
def export(deck_id: str) -> ResponseReturnValue:
    needs(state().release.has_export and "no_export" not in g.met)
    return _export(_deck(deck_id), check_export(read_body(request.get_data(), request.is_json)))


def _export(deck: Deck, export_as: str) -> ResponseReturnValue:
    failure = told_failure()
    if failure:
        raise Refused(failure.status, failure.detail)
    name = state().generations.name_file(deck.title or "", deck.id, export_as)
    state().decks.export(deck.id, name)
    return bodies.result(deck.id, state().path_of(name))


def _deck(text: str) -> Deck:
    deck_id, problem = check_uuid(text)
    if problem:
        fault = {"type": "uuid_parsing", "loc": ["path", "id"], "msg": f"Input should be a valid UUID, {problem}"}
        raise Refused(422, [fault | {"input": text, "ctx": {"error": problem}}])
    deck = state().decks.get(deck_id)
    if not deck:
        raise Refused(404, "Presentation not found")
    return deck


@bp.get("/app_data/exports/users/<user_id>/<file_name>", endpoint="download_own")
def download_own(user_id: str, file_name: str) -> ResponseReturnValue:
    return download(file_name) if user_id == USER_ID else nginx_page(403)


@bp.get("/app_data/exports/<file_name>")
def download(file_name: str) -> ResponseReturnValue:
    file = state().decks.file(file_name)
    return send_file(file, mimetype=_TYPES.get(file.suffix)) if file else nginx_page(404)
