"""A user's own account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from presentations.errors import InvalidRequest
from presentations.web.auth import oidc, sessions
from presentations.web.auth.powers import powers
from presentations.web.auth.sessions import user_id
from presentations.web.current import accounts, tokens, webhooks
from presentations.web.toasts import tell
from presentations.web.wording import complaint
from presentations.webhooks import EVENTS

account = Blueprint("account", __name__)


@account.get("/account")
def show() -> str:
    return page()


@account.post("/account/password")
def change_password() -> ResponseReturnValue:
    current, new, again = (request.form.get(name, "") for name in ("current", "password", "again"))
    try:
        if again != new:
            raise InvalidRequest("again", "this is not the same as above: type it twice alike")
        user = accounts().change_password(user_id(), current, new)
    except InvalidRequest as error:
        return page(error), 422
    sessions.start(user)
    tell("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for(".show"), 303)


@account.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    return _signed_out("You are signed out.")


@account.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    accounts().end_sessions(user_id())
    return _signed_out("You are signed out everywhere.")


def _signed_out(said: str) -> ResponseReturnValue:
    there = oidc.sign_out_url()
    sessions.end()
    if there:
        # Chromium lets no form lead to another site, not even by a redirect: form-action 'self' forbids it.
        return render_template("signed_out.html", there=there)
    tell(said)
    return redirect(url_for("signin.ask"), 303)


def page(error: InvalidRequest | None = None, **shown_once: Any) -> str:
    """The account, with what is wrong with what was sent, or with a secret that is shown this once."""
    errors = {error.field: complaint(error)} if error else {}
    return render_template(
        "account.html",
        form={"errors": errors, "typed": request.form},
        tokens=tokens().list(user_id()),
        webhooks=webhooks().list(user_id()),
        events=EVENTS,
        powers=powers(),
        **shown_once,
    )
