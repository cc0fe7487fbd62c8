"""What presentations may look like: the pictures of Presenton's templates."""

from __future__ import annotations

from flask import Blueprint, Response

from presentations.web.looks import picture_of_template

looks = Blueprint("looks", __name__)


@looks.get("/templates/<sha256>")
def picture(sha256: str) -> Response:
    """The thumbnail of a template."""
    return picture_of_template(sha256)
