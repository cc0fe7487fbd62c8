"""Who a request to the API is from: a token's holder, or who is signed in; and for whom it acts."""

from __future__ import annotations

import re
from typing import cast

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Conflict, Forbidden, Unauthorized

from presentations.accounts import READ, WRITE, check_active
from presentations.database.models import Token
from presentations.errors import InvalidRequest, shown
from presentations.validation import checked_user
from presentations.web.api import body
from presentations.web.api.blueprint import api
from presentations.web.auth import sessions
from presentations.web.auth.powers import powers
from presentations.web.current import database, tokens

HEADER = "X-Lectern-User"
HEADER_PATTERN = r"^[!-~]([ -~]{0,198}[!-~])?$"

_READING = ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    app.before_request(_let_in)


def _let_in() -> None:
    """Find out who this is. Raises HTTPException, InvalidRequest or NotAllowed."""
    if request.blueprint != "api":
        return
    g.token = None
    if "Authorization" in request.headers:
        _let_token_in()
    else:
        g.me = sessions.current()
        if g.me is None:
            raise _unauthorized("Sign in first, or send a token: Authorization: Bearer lectern_...")
        if request.method not in _READING:
            body.receive(g.me.id)  # in which its token is looked for first
            cast(CSRFProtect, current_app.extensions["csrf"]).protect()
    g.acting = _acting()


@api.before_request
def _receive() -> None:
    """Only now, for who has asked too much is refused before."""
    if body.is_form():
        body.receive(acting())
        g.acting = _acting()


def acting() -> str:
    """Whose presentations this request is about."""
    return cast(str, g.acting)


def acted_by() -> str | None:
    """The account that acts for another one here; None: nobody does."""
    return None if acting() == g.me.id else cast(str, g.me.id)


def ask_again() -> None:
    """Find out whether a request that has waited may still be answered. Raises as at its beginning."""
    if g.token:
        _let_token_in()
    elif not sessions.is_going_on():
        raise _unauthorized("This session has ended: sign in again.")
    _check_acting_for(acting())


def counted_as() -> str:
    """Whose requests are counted together: a token's, or those of a user's sessions."""
    token = cast(Token | None, g.token)
    return f"token {token.id}" if token else f"user {g.me.id}"


def _let_token_in() -> None:
    given = request.authorization
    secret = given.token if given and given.type == "bearer" else None
    if not secret:
        raise _unauthorized("Authorization: expected Bearer and a token after it, such as Bearer lectern_...")
    found = tokens().holder(secret)
    if found is None:
        raise _unauthorized('This token does not work (any more): make another on the page "Your account".')
    g.token = found.token
    g.me = sessions.SignedIn(found.user, powers=found.powers)
    needed = READ if request.method in _READING else WRITE
    if not g.token.allows(needed):
        raise Forbidden(f"This token lacks the scope {needed!r}: use one that has it.")


def _acting() -> str:
    """The user that is named in a header, a parameter or a field, or else whoever this is."""
    header = request.headers.get(HEADER)
    if header is not None and not re.fullmatch(HEADER_PATTERN, header):
        raise InvalidRequest(
            HEADER, f"expected 1 to 200 ASCII characters, got {shown(header)}; user_id takes all others"
        )
    given = (header, request.args.get(body.ACTING), body.named_user())
    named = [name for name in given if name is not None]
    users = {checked_user(name) for name in named}
    if len(users) > 1:
        raise Conflict(f"This request names several users: name one, not {', '.join(sorted(map(shown, users)))}.")
    user_id = users.pop() if users else cast(str, g.me.id)
    _check_acting_for(user_id)
    return user_id


def _check_acting_for(user_id: str) -> None:
    powers().check_acting_for(user_id)
    if user_id != g.me.id:
        check_active(database(), user_id)


def _unauthorized(sentence: str) -> Unauthorized:
    return Unauthorized(sentence, www_authenticate=WWWAuthenticate("bearer", {"realm": "Lectern"}))
