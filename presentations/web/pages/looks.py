"""What presentations may look like: the pictures of Presenton's templates."""

from __future__ import annotations

from flask import Blueprint, Response

from presentations.library import thumbnail
from presentations.web.current import library

looks = Blueprint("looks", __name__)

_A_YEAR = "private, max-age=31536000, immutable"


@looks.get("/templates/<sha256>")
def picture(sha256: str) -> Response:
    """The thumbnail of a template, by its content, so that browsers may keep it."""
    found = thumbnail(library().database, sha256)
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Cache-Control"] = _A_YEAR
    return answer
