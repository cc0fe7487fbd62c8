"""Sessions on the server: what a browser's cookie is good for, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    true,
    update,
)

from presentations.accounts.digests import digest_of
from presentations.database import Database
from presentations.database.models import Base, BrowserSession, User

UNUSED_LIFE = timedelta(days=30)
WHOLE_LIFE = timedelta(days=90)
_USE_NOTED_EVERY = timedelta(hours=1)


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

    def holder(self, key: str) -> User | None:
        """Whose session this is; None when it has ended. Notes its use."""
        found = self.holder_and(key)
        return None if found is None else cast(User, found[0])

    def holder_and(self, key: str, *also: ColumnElement[Any] | type[Base]) -> Sequence[Any] | None:
        """The holder, and what else is asked for of the user in this statement, as columns or rows that need no join.

        A page asks so with each request, of which most are looks for news: one trip to the database for all.
        """
        this = digest_of(key)
        with self.database.single() as session:
            found = session.execute(_asking(also), {"key_hash": this}).one_or_none()
        if found is None:
            return None
        *asked, noted_long_ago = found
        if noted_long_ago:
            with self.database.single() as session:
                used = update(BrowserSession).where(BrowserSession.key_hash == this)
                session.execute(used.values(used_at=func.now()))
        return asked

    def end(self, key: str) -> None:
        """Have a session be good for nothing any more, whoever has its cookie."""
        with self.database.single() as session:
            session.execute(delete(BrowserSession).where(BrowserSession.key_hash == digest_of(key)))


def purge_sessions(database: Database) -> None:
    """Delete the sessions that have ended. Raises Unavailable."""
    with database.single() as session:
        ended = not_(exists().where(_is_good()).correlate(BrowserSession))
        session.execute(delete(BrowserSession).where(ended).execution_options(synchronize_session=False))


@cache
def _asking(also: tuple[ColumnElement[Any] | type[Base], ...]) -> Select[*tuple[Any, ...]]:
    """Put together once for each set of what is asked for."""
    noted_long_ago = BrowserSession.used_at < func.now() - _USE_NOTED_EVERY
    query = select(User, *also, noted_long_ago).select_from(User).join(BrowserSession, _is_good())
    for table in also:
        if isinstance(table, type):
            query = query.join(table, true())
    return query.where(BrowserSession.key_hash == bindparam("key_hash"))


def _is_good() -> ColumnElement[bool]:
    return and_(
        BrowserSession.user_id == User.id,
        BrowserSession.session_key == User.session_key,
        User.is_active,
        BrowserSession.used_at > func.now() - UNUSED_LIFE,
        BrowserSession.started_at > func.now() - WHOLE_LIFE,
    )
