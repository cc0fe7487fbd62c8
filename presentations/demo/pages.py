"""The pages for people: what this is, and the slides of each deck."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from presentations.demo.decks import Deck
from presentations.demo.state import state

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    return render_template("home.html", decks=[deck for deck in state().decks.newest_first() if deck.slides])


@bp.get("/presentation")
def deck() -> ResponseReturnValue:
    wanted = state().decks.get(request.args.get("id", ""))
    if not (wanted and wanted.slides):
        return error_page(404, "There is no such deck", "It may not be finished yet, or it was deleted.")
    return render_template("deck.html", deck=wanted, path_of=state().path_of)


def error_page(status: int, title: str, explanation: str) -> ResponseReturnValue:
    return render_template("error.html", title=title, explanation=explanation), status


@bp.app_template_filter("made_at")
def made_at(deck: Deck) -> str:
    return f"{datetime.fromisoformat(deck.created_at):%d %B %Y, %H:%M} UTC"
