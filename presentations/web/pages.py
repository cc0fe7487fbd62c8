"""The teacher's pages: each reads a form, calls one verb of the library, and shows or goes on."""

from __future__ import annotations

import hashlib
import time

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from presentations.errors import InvalidRequest
from presentations.models import CANCELLED, COMPLETE, UNORGANIZED
from presentations.sections import FINISHED, KINDS
from presentations.web.current import library, user_id
from presentations.web.forms import NewForm, RefusedMove
from presentations.web.shelves import Shelf, ShelfPage, shelf_page, shelves_of
from presentations.web.words import complaint, quoted

pages = Blueprint("pages", __name__)


@pages.get("/")
def index() -> str:
    return _index()


@pages.get("/shelves")
def shelves() -> Response:
    """The parts of the page that change by themselves; 304 when they have not."""
    seen = _seen()
    if request.if_none_match.contains_weak(seen):
        response = Response(status=304)
    else:
        now = shelves_of(library(), user_id(), seen)
        response = make_response(render_template("live.html", shelves=now, refused=None))
    response.set_etag(seen, weak=True)
    return response


@pages.get("/shelf")
def shelf() -> str:
    """All of one shelf, page by page; of the Unorganized when the address names none."""
    kind = request.args.get("of", FINISHED)
    if kind not in KINDS:
        abort(404)
    name = request.args.get("subject", UNORGANIZED)
    page = shelf_page(library(), user_id(), kind, name, request.args.get("after"))
    return render_template("shelf.html", page=page, refused=None)


@pages.post("/presentations")
def create() -> ResponseReturnValue:
    form = NewForm.of(request.form)
    try:
        asked = library().create(user_id(), **form.asked())
    except InvalidRequest as error:
        return _index(form=form.refused(error)), 422
    return _back(f"{quoted(asked.shown_title)} will be made. You can leave this page.")


@pages.post("/presentations/<presentation_id>/move")
def move(presentation_id: str) -> ResponseReturnValue:
    subject = request.form.get("subject", "")
    try:
        moved = library().organise(user_id(), presentation_id, subject)
    except InvalidRequest as error:
        return _refused_move(RefusedMove(presentation_id, subject, complaint(error))), 422
    return _back(f"{quoted(moved.shown_title)} is now under {quoted(' '.join(subject.split()))}.", f"p-{moved.id}")


@pages.post("/presentations/<presentation_id>/retry")
def retry(presentation_id: str) -> Response:
    asked = library().retry(user_id(), presentation_id)
    said = "is made already." if asked.status == COMPLETE else "will be made. You can leave this page."
    return _back(f"{quoted(asked.shown_title)} {said}")


@pages.post("/presentations/<presentation_id>/cancel")
def cancel(presentation_id: str) -> Response:
    stopped = library().cancel(user_id(), presentation_id)
    said = "is cancelled." if stopped.status == CANCELLED else "was over already; nothing has changed."
    return _back(f"{quoted(stopped.shown_title)} {said}")


@pages.post("/presentations/<presentation_id>/delete")
def delete(presentation_id: str) -> Response:
    return _back(f"{quoted(library().delete(user_id(), presentation_id).shown_title)} is deleted.")


def _index(form: NewForm | None = None, refused: RefusedMove | None = None) -> str:
    """The library page, perhaps with a form as it was sent."""
    # A page that reloads itself, as it does without JavaScript, forgets what is half typed.
    may_reload = not (form or refused or "still" in request.args)
    return render_template(
        "library.html",
        shelves=shelves_of(library(), user_id(), _seen()),
        form=form or NewForm.blank(),
        refused=refused,
        may_reload=may_reload,
    )


def _refused_move(refused: RefusedMove) -> str:
    """The library page with the form as it was sent; or that one card, when the library page does not show it."""
    shelves = shelves_of(library(), user_id(), _seen())
    if shelves.shows(refused.presentation_id):
        return _index(refused=refused)
    moved = library().get(user_id(), refused.presentation_id)
    alone = Shelf(FINISHED, moved.subject, "Move to a subject", 1, [moved])
    return render_template("shelf.html", page=ShelfPage(alone, None, shelves.subjects), refused=refused)


def _seen() -> str:
    """A mark of all that the shelves are drawn from: what is kept, the minute (they say how long ago), the session."""
    generate_csrf()
    sources = [library().latest_change(user_id()), int(time.time() // 60), session["csrf_token"]]
    return hashlib.sha256(repr(sources).encode()).hexdigest()[:32]


def _back(said: str, anchor: str | None = None) -> Response:
    flash(said)
    return redirect(url_for(".index", _anchor=anchor), 303)
