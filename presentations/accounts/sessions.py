"""Sessions on the server: what a browser's cookie is good for, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Boolean, Interval, bindparam, delete, func, insert, text, update
from sqlalchemy.dialects.postgresql import JSONB

from presentations.accounts.digests import digest_of
from presentations.database import Database
from presentations.database.models import BrowserSession, User

UNUSED_LIFE = timedelta(days=30)
WHOLE_LIFE = timedelta(days=90)
_USE_NOTED_EVERY = timedelta(hours=1)


class Holder(NamedTuple):
    """Whose session it is, and all that each of their pages begins with, as it was then."""

    id: str
    name: str
    email: str
    role: str
    form_choices: dict[str, str]
    has_password: bool
    web_search: bool
    notice: str | None
    pause_reason: str | None
    is_paused: bool
    latest_change: str
    """Differs once anything has changed that a page of theirs is drawn from."""
    outlines: int
    """How many of theirs wait for an answer."""


class Sessions:
    """The sessions in one database. Every verb raises Unavailable when that is away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def start(self, user: User) -> str:
        """Begin a session of somebody who has just shown who they are; gives its key, which is kept nowhere.

        It has ended already if their sessions were ended since `user` was read.
        """
        # Lectern before version 10 of the schema, to which somebody may go back, expects a UUID. This one is random.
        key = str(uuid4())
        values = {"key_hash": digest_of(key), "user_id": user.id, "session_key": user.session_key}
        with self.database.single() as session:
            session.execute(insert(BrowserSession).values(values))
        return key

    def holder(self, key: str) -> Holder | None:
        """Whose session this is; None when it has ended. Notes its use.

        A page asks so with each request, of which most are looks for news: one trip to the database for all.
        """
        this = digest_of(key)
        with self.database.single() as session:
            found = session.execute(_HOLDER, {"key_hash": this}).one_or_none()
        if found is None:
            return None
        *held, noted_long_ago = found
        if noted_long_ago:
            with self.database.single() as session:
                used = update(BrowserSession).where(BrowserSession.key_hash == this)
                session.execute(used.values(used_at=func.now()))
        return Holder(*held)

    def end(self, key: str) -> None:
        """Have a session be good for nothing any more, whoever has its cookie."""
        with self.database.single() as session:
            session.execute(delete(BrowserSession).where(BrowserSession.key_hash == digest_of(key)))


def purge_sessions(database: Database) -> None:
    """Delete the sessions that have ended. Raises Unavailable."""
    with database.single() as session:
        session.execute(_PURGE)


_LIVES: tuple[Any, ...] = (
    bindparam("unused_life", UNUSED_LIFE, Interval),
    bindparam("whole_life", WHOLE_LIFE, Interval),
)
_HOLDER = (
    text(f"""
        SELECT {", ".join(Holder._fields)}, used_at < now() - :noted_every AS noted_long_ago
        FROM presentation_begin_page(:key_hash, :unused_life, :whole_life)
    """)  # noqa: S608 (of names that stand here)
    .bindparams(*_LIVES, bindparam("noted_every", _USE_NOTED_EVERY, Interval))
    .columns(form_choices=JSONB, noted_long_ago=Boolean)
)
_PURGE = text("""
    DELETE FROM presentation_sessions AS old
    WHERE NOT EXISTS (SELECT FROM presentation_holder(old.key_hash, :unused_life, :whole_life))
""").bindparams(*_LIVES)
