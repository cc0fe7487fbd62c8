"""The picture of a template, as pages and the API give it."""

from __future__ import annotations

from flask import Response

from presentations.library import thumbnail
from presentations.web.current import database

_A_YEAR = "private, max-age=31536000, immutable"


def picture_of_template(sha256: str) -> Response:
    """The thumbnail of a template, by its content, so that it may be kept. Raises NotFound or Unavailable."""
    found = thumbnail(database(), sha256)
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Cache-Control"] = _A_YEAR
    return answer
