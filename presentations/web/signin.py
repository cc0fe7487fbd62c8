"""The pages that are open to everybody: sign in with a password, or with a link."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.models import User
from presentations.web import guard, sessions
from presentations.web.addresses import is_local
from presentations.web.current import accounts

signin = Blueprint("signin", __name__, url_prefix="/sign-in")


@signin.get("")
def ask() -> ResponseReturnValue:
    if sessions.current():
        return _go_on()
    return render_template("sign_in.html", email="", is_wrong=False)


@signin.post("")
def enter() -> ResponseReturnValue:
    email = request.form.get("email", "")
    user = accounts().check_password(email, request.form.get("password", ""))
    if user is None:
        return render_template("sign_in.html", email=email, is_wrong=True), 422
    return _welcome(user)


@signin.get("/<token>")
def link(token: str) -> ResponseReturnValue:
    """Only shows a button: whatever previews a link must not use it up. Nothing previews what only works here."""
    if guard.is_loopback() and request.method == "GET":
        return use_link(token)
    return render_template("link.html", holder=accounts().link_holder(token))


@signin.post("/<token>")
def use_link(token: str) -> Response:
    return _welcome(accounts().use_link(token))


def _welcome(user: User) -> Response:
    sessions.start(user)
    return _go_on()


def _go_on() -> Response:
    wanted = request.args.get("next", "")
    return redirect(wanted if is_local(wanted) else url_for("pages.index"), 303)
