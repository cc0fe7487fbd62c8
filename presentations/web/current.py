"""Whom a request is from, and what serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g

from presentations.accounts import Accounts
from presentations.answers import Refused
from presentations.audit import Audit
from presentations.checks import Servers
from presentations.controls import Controls
from presentations.library import Library
from presentations.organiser import Organiser
from presentations.presenton import Presenton
from presentations.tokens import Tokens
from presentations.webhooks import Webhooks

if TYPE_CHECKING:
    from presentations.web.sessions import SignedIn


def me() -> SignedIn:
    """Who is signed in, as every page but those of `signin` may rely on."""
    return cast("SignedIn", g.me)


def user_id() -> str:
    return me().id


def library() -> Library:
    return cast(Library, current_app.extensions["library"])


def organiser() -> Organiser:
    return cast(Organiser, current_app.extensions["organiser"])


def presenton() -> Presenton:
    """The slide generator. Raises Refused when there is none."""
    found = current_app.extensions["presenton"]
    if found is None:
        raise Refused("PRESENTON_URL is not set")
    return cast(Presenton, found)


def accounts() -> Accounts:
    return cast(Accounts, current_app.extensions["accounts"])


def tokens() -> Tokens:
    return cast(Tokens, current_app.extensions["tokens"])


def webhooks() -> Webhooks:
    return cast(Webhooks, current_app.extensions["webhooks"])


def controls() -> Controls:
    return cast(Controls, current_app.extensions["controls"])


def audit() -> Audit:
    return cast(Audit, current_app.extensions["audit"])


def servers() -> Servers:
    return cast(Servers, current_app.extensions["servers"])
