"""Tokens for programs, on the account page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from presentations.accounts import READ, SCOPES
from presentations.errors import InvalidRequest
from presentations.web.auth import account
from presentations.web.auth.sessions import user_id
from presentations.web.current import note_ended
from presentations.web.current import tokens as kept
from presentations.web.toasts import tell
from presentations.web.wording import quoted, switched_off

tokens = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@tokens.post("")
def make() -> ResponseReturnValue:
    """The answer is a page that shows the secret: it is kept nowhere, not even for a redirect."""
    scopes = SCOPES if "write" in request.form else (READ,)
    try:
        made = kept().make(user_id(), request.form.get("name", ""), scopes, "acts_for_all" in request.form)
    except InvalidRequest as error:
        return account.page(error), 422
    return account.page(made_token=made)


@tokens.post("/<uuid:token_id>/revoke")
def revoke(token_id: UUID) -> Response:
    revoked, ended = kept().revoke(user_id(), token_id)
    note_ended(ended)
    tell(f"The token {quoted(revoked.name)} works no longer.{switched_off(ended)}")
    return redirect(url_for("account.show"), 303)
