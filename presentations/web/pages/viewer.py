"""The slides of a presentation for the wall, for whoever speaks, and for the printer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, render_template, request

from presentations.database.models import Slide
from presentations.decks import HandoutLayout, SlideWords, handout_docx
from presentations.errors import InvalidRequest, NotThere, shown
from presentations.filenames import file_names
from presentations.files import Damaged, Missing, deck_key
from presentations.web.auth.sessions import user_id
from presentations.web.current import decks, store
from presentations.web.files import mark_opened, require_made, version_asked
from presentations.web.pages.viewed import Viewed

viewer = Blueprint("viewer", __name__)

_LAYOUTS = {HandoutLayout.THREE: "Three a page, with lines", HandoutLayout.NOTES: "Text with notes"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NO_SLIDES = "The slides of this presentation are not here. Look at its page for why, and whether they are to come."


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


@viewer.get("/presentations/<presentation_id>/handout.docx")
def handout_for_word(presentation_id: str) -> Response:
    """The same for Word."""
    layout = _layout()
    deck = _deck(presentation_id)
    one = deck.view.presentation
    words = [SlideWords(slide.number, slide.title, slide.text, slide.notes) for slide in deck.slides]
    file = handout_docx(one.shown_title, words, _pictures(deck.slides, layout), layout, deck.left_out)
    answer = Response(file, mimetype=_DOCX)
    answer.headers["Content-Disposition"] = file_names(one.shown_title, one.id, ".docx").content_disposition
    return answer


def _page(template: str, presentation_id: str, **more: Any) -> str:
    deck = _deck(presentation_id)
    return render_template(template, p=deck.view.presentation, deck=deck, **more)


def _deck(presentation_id: str) -> Viewed:
    """Its slides, which are no longer new to its teacher. Raises NotFound, and NotThere where there are none."""
    asked = version_asked()
    view = decks().shown(user_id(), presentation_id, asked)
    require_made(view.presentation, "show")
    if not view.slides:
        raise NotThere(_NO_SLIDES)
    mark_opened(user_id(), view.presentation.id)
    return Viewed(view, asked)


def _layout() -> HandoutLayout:
    given = request.args.get("layout", HandoutLayout.THREE)
    try:
        return HandoutLayout(given)
    except ValueError:
        raise InvalidRequest("layout", f"expected three or notes, got {shown(given)}") from None


def _pictures(slides: Sequence[Slide], layout: HandoutLayout) -> dict[int, bytes]:
    """The pictures of the slides by number; a slide has its words where its picture cannot be read."""
    found = {}
    for slide in slides:
        sha256, size = slide.small_sha256, slide.small_size
        if layout is HandoutLayout.NOTES:
            sha256, size = slide.large_sha256, slide.large_size
        if not sha256 or not size:
            continue
        key = deck_key(slide.presentation_id, sha256)
        with suppress(Damaged, Missing), store().read(key, sha256, size) as content:
            found[slide.number] = b"".join(content.chunks())
    return found
