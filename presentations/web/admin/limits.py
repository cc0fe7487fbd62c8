"""What holds for everybody: how much may wait, whether the line goes on, what pages say."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.errors import InvalidRequest
from presentations.operations import MOST_WAITING
from presentations.validation import whole_number
from presentations.web.admin.blueprint import admin
from presentations.web.auditing import about
from presentations.web.current import controls
from presentations.web.toasts import tell
from presentations.web.wording import complaint


@admin.get("/limits")
def limits() -> str:
    return _page()


@admin.post("/limits/waiting")
def set_max_waiting() -> ResponseReturnValue:
    try:
        given = request.form.get("max_waiting", "").strip()
        wanted = whole_number(given)
        number = controls().set_max_waiting(given if wanted is None else wanted).max_waiting
    except InvalidRequest as error:
        return _page(error), 422
    return _done(f"{number} of one teacher may wait now.", f"to {number}")


@admin.post("/limits/pause")
def pause() -> ResponseReturnValue:
    try:
        controls().pause(request.form.get("pause_reason", ""))
    except InvalidRequest as error:
        return _page(error), 422
    return _done("The line is paused. What is being made is made.")


@admin.post("/limits/resume")
def resume() -> Response:
    controls().resume()
    return _done("The line goes on.")


@admin.post("/limits/notice")
def announce() -> ResponseReturnValue:
    try:
        said = controls().announce(request.form.get("notice", "")).notice
    except InvalidRequest as error:
        return _page(error), 422
    return _done("Every page says it now." if said else "The notice is gone.")


@admin.post("/limits/web-search")
def allow_web_search() -> ResponseReturnValue:
    is_allowed = request.form.get("web_search") == "Yes"
    controls().allow_web_search(is_allowed)
    return _done("Teachers may ask for it now." if is_allowed else "Teachers are not asked about it any more.")


def _page(error: InvalidRequest | None = None) -> str:
    form = {"errors": {error.field: complaint(error)} if error else {}, "typed": request.form}
    return render_template("admin/limits.html", control=controls().now(), form=form, most_waiting=MOST_WAITING)


def _done(said: str, what: str | None = None) -> Response:
    about(None, what)
    tell(said)
    return redirect(url_for(".limits"), 303)
