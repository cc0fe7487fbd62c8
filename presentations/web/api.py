"""JSON for programs."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from presentations.web.current import library, user_id

api = Blueprint("api", __name__, url_prefix="/api")


@api.get("/presentations/<presentation_id>")
def presentation(presentation_id: str) -> Response:
    answer = jsonify(library().get(user_id(), presentation_id).as_dict())
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
