"""The pool: who finds all connections in use waits, and learns why it was in vain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.errors import Unavailable


def ask(database: Database) -> int:
    with database.begin() as session:
        return int(session.scalars(text("SELECT 1")).one())


def test_a_thread_waits_until_a_connection_is_free(database_url: str) -> None:
    database = Database.at(database_url, connections=1)
    with ThreadPoolExecutor(1) as other:
        with database.begin() as session:
            session.execute(text("SELECT 1"))
            waiting = other.submit(ask, database)
        assert waiting.result(60) == 1
    database.engine.dispose()


def test_a_wait_that_was_in_vain_names_the_setting(database_url: str) -> None:
    database = Database.at(database_url, connections=1, wait=0.1)
    with database.begin() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(
            Unavailable, match=r"All connections of this process .*: DATABASE_CONNECTIONS says how many"
        ):
            ask(database)
    database.engine.dispose()
