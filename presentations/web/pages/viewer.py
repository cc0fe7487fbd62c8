"""The slides of a presentation for the wall, for whoever speaks, and for the printer."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from presentations.decks.handout import handout_docx
from presentations.errors import NotThere
from presentations.filenames import file_names
from presentations.web.auth.sessions import user_id
from presentations.web.current import decks, store
from presentations.web.pages.opening import opened
from presentations.web.pages.viewed import Viewed

viewer = Blueprint("viewer", __name__)

_LAYOUTS = {"three": "Three a page, with lines", "notes": "Text with notes"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NO_SLIDES = "The slides of this presentation are not here yet. Its page says why, and when they come."


def asked_version() -> int | None:
    """The number of the version in the address; None: the one that is shown. Answers 404 where it is no number."""
    given = request.args.get("version")
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9 or not int(given):
        abort(404)
    return int(given)


@viewer.get("/presentations/<presentation_id>/show")
def show(presentation_id: str) -> str:
    """One slide at a time on black, for the classroom."""
    return _page("show.html", presentation_id)


@viewer.get("/presentations/<presentation_id>/speaker")
def speaker(presentation_id: str) -> str:
    """The notes, the next slide and the time, for a second window."""
    return _page("speaker.html", presentation_id)


@viewer.get("/presentations/<presentation_id>/handout")
def handout(presentation_id: str) -> str:
    """A page to print."""
    return _page("handout.html", presentation_id, layout=_layout(), layouts=_LAYOUTS)
