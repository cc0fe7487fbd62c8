"""The teacher's pages: each reads a form, calls one verb of the library, and shows or goes on."""

from __future__ import annotations

import hashlib

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from presentations.errors import InvalidRequest
from presentations.models import CANCELLED, COMPLETE
from presentations.web.current import library, user_id
from presentations.web.forms import NewForm, RefusedMove
from presentations.web.shelves import shelves_of
from presentations.web.words import complaint, quoted

pages = Blueprint("pages", __name__)


@pages.get("/")
def index() -> str:
    return _index()


@pages.get("/shelves")
def shelves() -> Response:
    """The parts of the page that change by themselves; 304 when they have not."""
    html = render_template("live.html", shelves=shelves_of(library(), user_id()), refused=None)
    # The token in the forms is signed anew each second, which is no news; another session's is.
    said = html.replace(generate_csrf(), session["csrf_token"])
    response = make_response(html)
    response.set_etag(hashlib.sha256(said.encode()).hexdigest())
    return response.make_conditional(request)


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
        return _index(refused=RefusedMove(presentation_id, subject, complaint(error))), 422
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
        shelves=shelves_of(library(), user_id()),
        form=form or NewForm.blank(),
        refused=refused,
        may_reload=may_reload,
    )


def _back(said: str, anchor: str | None = None) -> Response:
    flash(said)
    return redirect(url_for(".index", _anchor=anchor), 303)
