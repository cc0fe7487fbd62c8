"""The pages for people: what this is, and the slides of each deck, whose titles can be changed there."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from presentations.demo.decks import Deck
from presentations.demo.mind_map import mind_map
from presentations.demo.outline import in_one_line
from presentations.demo.state import state

LONGEST_TITLE = 200

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    return render_template("home.html", decks=[deck for deck in state().decks.newest_first() if deck.slides])


@bp.get("/presentation")
def deck() -> ResponseReturnValue:
    wanted = state().decks.get(request.args.get("id", ""))
    if not (wanted and wanted.slides):
        return error_page(404, "There is no such deck", "It may not be finished yet, or it was deleted.")
    return render_template("deck.html", deck=wanted, path_of=state().path_of, longest_title=LONGEST_TITLE)


@bp.post("/presentation")
def retitle() -> ResponseReturnValue:
    """The editor: one slide gets another title."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return error_page(403, "Nothing is changed", "The form was sent by another website.")
    title = in_one_line(request.form.get("title", ""))
    if not title or len(title) > LONGEST_TITLE:
        return error_page(400, "Nothing is changed", f"A title has 1 to {LONGEST_TITLE} characters.")
    deck_id, number = request.form.get("id", ""), request.form.get("slide", 0, int)
    deck = state().decks.get(deck_id)
    if not (deck and 1 <= number <= len(deck.slides)):
        return error_page(404, "There is no such slide", "Its deck may have been deleted.")
    state().people.retitle(deck_id, number - 1, title)
    return redirect(url_for("pages.deck", id=deck_id, _anchor=f"slide-{number}"), 303)


@bp.get("/demo/mind-map.png")
def picture() -> ResponseReturnValue:
    return Response(mind_map(), mimetype="image/png")


def error_page(status: int, title: str, explanation: str) -> ResponseReturnValue:
    return render_template("error.html", title=title, explanation=explanation), status


@bp.app_template_filter("made_at")
def made_at(deck: Deck) -> str:
    return f"{datetime.fromisoformat(deck.created_at):%d %B %Y, %H:%M} UTC"
