"""Presenton's calls for what decks are made with: templates to choose from, files to read."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from presentations.demo import templates as offered
from presentations.demo.checks import Refused
from presentations.demo.nginx import nginx_page
from presentations.demo.releases import TemplateList
from presentations.demo.state import needs, state

bp = Blueprint("sources", __name__)


@bp.get("/api/v1/ppt/template/all")
def templates() -> ResponseReturnValue:
    release = state().release
    needs(release.template_list in (TemplateList.NAMES, TemplateList.PAGES))
    if release.template_list is TemplateList.NAMES:
        return offered.names(release)
    items = offered.items(release)
    page, size = (request.args.get(name, usual, int) for name, usual in (("page", 1), ("page_size", 20)))
    shown = items[(page - 1) * size : page * size]
    return {"items": shown, "total": len(items), "page": page, "page_size": size}


@bp.get("/api/v1/ppt/templates", endpoint="templates_by_id")
def templates_by_id() -> ResponseReturnValue:
    needs(state().release.template_list is TemplateList.UUIDS)
    return offered.items(state().release)


@bp.get("/app_data/templates/<template_id>/static/thumbnail.png")
def thumbnail(template_id: str) -> ResponseReturnValue:
    picture = offered.thumbnail(template_id, state().release)
    return Response(picture, mimetype="image/png") if picture else nginx_page(404)


@bp.post("/api/v1/ppt/files/upload")
def upload() -> ResponseReturnValue:
    files = request.files.getlist("files")
    if not files:
        raise Refused(422, [{"type": "missing", "loc": ["body", "files"], "msg": "Field required", "input": None}])
    return state().uploads.add(files)
