"""Whom a request is from, and what serves it."""

from __future__ import annotations

from typing import cast

from flask import current_app, g

from presentations.accounts import Accounts
from presentations.library import Library
from presentations.organiser import Organiser
from presentations.tokens import Tokens


def user_id() -> str:
    """Who is signed in, as every page but those of `signin` may rely on."""
    return cast(str, g.me.id)


def library() -> Library:
    return cast(Library, current_app.extensions["library"])


def accounts() -> Accounts:
    return cast(Accounts, current_app.extensions["accounts"])


def organiser() -> Organiser:
    return cast(Organiser, current_app.extensions["organiser"])


def tokens() -> Tokens:
    return cast(Tokens, current_app.extensions["tokens"])
