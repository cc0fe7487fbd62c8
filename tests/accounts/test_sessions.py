"""Sessions on the server: when they begin, and everything that ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from presentations.accounts import Accounts, Sessions
from presentations.accounts.sessions import UNUSED_LIFE, WHOLE_LIFE
from presentations.database import Database
from presentations.database.models import BrowserSession


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database)


def age(database: Database, column: str, ago: timedelta) -> None:
    with database.begin() as session:
        session.execute(update(BrowserSession).values({column: func.now() - ago}))


def test_a_session_is_its_users_until_it_ends_and_others_go_on(accounts: Accounts, sessions: Sessions) -> None:
    rosa = accounts.get("teacher")
    here, there = sessions.start(rosa), sessions.start(rosa)
    for key in (here, there):
        holder = sessions.holder(key)
        assert holder
        assert holder.id == "teacher"
    sessions.end(here)
    assert (sessions.holder(here), sessions.holder(there) is None) == (None, False)
    assert sessions.holder(str(rosa.session_key)) is None


def test_its_key_is_kept_nowhere(accounts: Accounts, sessions: Sessions, database: Database) -> None:
    key = sessions.start(accounts.get("teacher"))
    with database.begin() as session:
        kept = session.scalars(select(BrowserSession)).one()
        assert key not in (kept.key_hash, str(kept.session_key))


def test_signing_out_everywhere_ends_all_also_one_that_is_just_beginning(
    accounts: Accounts, sessions: Sessions
) -> None:
    rosa = accounts.get("teacher")
    before = sessions.start(rosa)
    accounts.end_sessions("teacher")
    assert sessions.holder(before) is None
    # Rosa was let in before, and only now gets her session.
    assert sessions.holder(sessions.start(rosa)) is None


@pytest.mark.parametrize(("column", "life"), [("used_at", UNUSED_LIFE), ("started_at", WHOLE_LIFE)])
def test_a_session_ends_when_it_is_old(
    accounts: Accounts, sessions: Sessions, database: Database, column: str, life: timedelta
) -> None:
    key = sessions.start(accounts.get("teacher"))
    age(database, column, life - timedelta(minutes=1))
    assert sessions.holder(key)
    age(database, column, life)
    assert sessions.holder(key) is None


def test_use_prolongs_it(accounts: Accounts, sessions: Sessions, database: Database) -> None:
    key = sessions.start(accounts.get("teacher"))
    age(database, "used_at", timedelta(days=29))
    sessions.holder(key)
    with database.begin() as session:
        assert session.scalar(select(BrowserSession.used_at > func.now() - timedelta(minutes=5)))
