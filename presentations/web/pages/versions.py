"""What a teacher does with the versions of a deck: uploads one, and brings an older one back."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.errors import Conflicting, InvalidRequest
from presentations.web.auth.sessions import user_id
from presentations.web.current import decks, library
from presentations.web.toasts import tell
from presentations.web.uploads import keep_form, refused
from presentations.web.wording import quoted

versions = Blueprint("versions", __name__)


@versions.post("/presentations/<presentation_id>/versions")
def upload(presentation_id: str) -> ResponseReturnValue:
    """The file that was changed in PowerPoint; it is shown from now on."""
    one = library().get(user_id(), presentation_id)
    try:
        keep_form(one)
    except InvalidRequest as error:
        return refused(one, error)
    tell(f"Your file is kept, and shown from now on: {quoted(one.shown_title)}. Its pictures follow.")
    return _back(presentation_id)


@versions.post("/presentations/<presentation_id>/versions/<version>/current")
def bring_back(presentation_id: str, version: str) -> Response:
    try:
        decks().bring_back(user_id(), presentation_id, number_of(version))
    except Conflicting as error:
        tell(str(error))
    else:
        tell(f"Version {version} is back. What was shown before is kept as well.")
    return _back(presentation_id)


def number_of(version: str) -> int:
    """The number of a version, as it stands in an address; 0, which no version has, for what is none."""
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


def _back(presentation_id: str) -> Response:
    return redirect(url_for("pages.presentation", presentation_id=presentation_id), 303)
