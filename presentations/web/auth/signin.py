"""The pages that are open to everybody: sign in with a password, or with a link."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.database.models import User
from presentations.errors import NotFound
from presentations.web import guard
from presentations.web.addresses import is_local
from presentations.web.auth import sessions
from presentations.web.current import accounts

signin = Blueprint("signin", __name__, url_prefix="/sign-in")


@signin.get("")
def ask() -> ResponseReturnValue:
    if sessions.current():
        return _go_on()
    return page()


@signin.post("")
def enter() -> ResponseReturnValue:
    email = request.form.get("email", "")
    user = accounts().check_password(email, request.form.get("password", ""))
    if user is None:
        return page(email, is_wrong=True), 422
    return _welcome(user)


@signin.get("/<token>")
def link(token: str) -> ResponseReturnValue:
    """Only shows a button: whatever previews a link must not use it up. Nothing previews what only works here."""
    if guard.is_loopback() and request.method == "GET":
        return use_link(token)
    try:
        return render_template("link.html", holder=accounts().link_holder(token))
    except NotFound as error:
        return _sent_on(error)


@signin.post("/<token>")
def use_link(token: str) -> Response:
    try:
        user = accounts().use_link(token)
    except NotFound as error:
        return _sent_on(error)
    return _welcome(user)


def page(email: str = "", *, is_wrong: bool = False, refusal: str | None = None, wanted: str | None = None) -> str:
    """The form; with why somebody was not let in, where that is not for the e-mail and the password.

    `wanted` is where to go on to afterwards, where the address does not say so.
    """
    return render_template(
        "sign_in.html",
        email=email,
        is_wrong=is_wrong,
        refusal=refusal,
        provider=current_app.config["OIDC_NAME"],
        wanted=wanted or request.args.get("next"),
    )


def go_on(wanted: str) -> Response:
    """On to what was wanted before signing in, if that is a page of ours."""
    return redirect(wanted if is_local(wanted) else url_for("pages.index"), 303)


def _welcome(user: User) -> Response:
    sessions.start(user)
    return _go_on()


def _go_on() -> Response:
    return go_on(request.args.get("next", ""))


def _sent_on(error: NotFound) -> Response:
    """Who used a link and loads it again is where it led to. Raises the error for all others."""
    if sessions.current():
        return _go_on()
    raise error
