"""A user's own account."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.errors import InvalidRequest
from presentations.web import sessions
from presentations.web.current import accounts, user_id
from presentations.web.toasts import tell
from presentations.web.words import complaint

account = Blueprint("account", __name__)


@account.get("/account")
def show() -> str:
    return _page()


@account.post("/account/password")
def change_password() -> ResponseReturnValue:
    current, new, again = (request.form.get(name, "") for name in ("current", "password", "again"))
    try:
        if again != new:
            raise InvalidRequest("again", "this is not the same as above")
        user = accounts().change_password(user_id(), current, new)
    except InvalidRequest as error:
        return _page({error.field: complaint(error)}), 422
    sessions.start(user)
    tell("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for(".show"), 303)


@account.post("/sign-out")
def sign_out() -> Response:
    session.clear()
    tell("You are signed out.")
    return redirect(url_for("signin.ask"), 303)


def _page(errors: dict[str, str] | None = None) -> str:
    return render_template("account.html", form={"errors": errors or {}})
