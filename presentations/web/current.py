"""What serves a request."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, request
from redis import Redis

from presentations.accounts import Accounts, Ended, Sessions, Tokens
from presentations.database import Audit, Database
from presentations.files import Store
from presentations.jobs import Engine
from presentations.library import Decks, Defaults, Library, Organiser, Outlines, Uploads
from presentations.operations import Controls, Servers
from presentations.webhooks import Webhooks


def database() -> Database:
    return cast(Database, current_app.extensions["database"])


def redis() -> Redis:
    return cast(Redis, current_app.extensions["quick_redis"])


def engine() -> Engine:
    """The queue of presentations."""
    return cast(Engine, current_app.extensions["engine"])


def library() -> Library:
    return cast(Library, current_app.extensions["library"])


def organiser() -> Organiser:
    return cast(Organiser, current_app.extensions["organiser"])


def outlines() -> Outlines:
    return Outlines(library())


def defaults() -> Defaults:
    """What each new presentation under a subject begins with."""
    return Defaults(database())


def decks() -> Decks:
    return cast(Decks, current_app.extensions["decks"])


def store() -> Store:
    """Where the files of decks are kept."""
    return cast(Store, current_app.extensions["store"])


def uploads() -> Uploads:
    """The material of teachers."""
    return cast(Uploads, current_app.extensions["uploads"])


def accounts() -> Accounts:
    return cast(Accounts, current_app.extensions["accounts"])


def kept_sessions() -> Sessions:
    """The sessions on the server; presentations.web.auth.sessions has that of the request."""
    return cast(Sessions, current_app.extensions["sessions"])


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


def note_ended(ended: Ended) -> None:
    """Have the audit log say what was switched off besides what this request did."""
    g.ended = ended


def is_look() -> bool:
    """Whether it is a page's script that looks for news, for which nothing is told that is told once."""
    return "X-Lectern-Look" in request.headers
