"""The engine: its pool, where who finds all connections in use waits, and its transactions, which are few trips."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from presentations.database import Database
from presentations.errors import Unavailable
from tests.support.statements import messages_of


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


def test_a_single_statement_is_one_trip_within_limits(database: Database) -> None:
    sent = messages_of(database.engine)
    with database.single() as session:
        assert session.scalar(text("SELECT current_setting('statement_timeout')")) == "30s"
    assert len(sent) == 1


def test_a_transaction_begins_with_its_limits(database: Database) -> None:
    sent = messages_of(database.engine)
    with database.begin() as session:
        limits = "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
        assert session.execute(text(limits)).one() == ("30s", "10s")
    assert [message.split(";")[0].split()[0] for message in sent] == ["BEGIN", "SELECT", "COMMIT"]


def test_limits_end_with_their_transaction(database_url: str) -> None:
    database = Database.at(database_url, connections=1)
    ask(database)
    with database.single() as session:
        session.execute(text("SELECT 1"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
        assert bare.scalar(text("SELECT current_setting('statement_timeout')")) == "0"
    database.engine.dispose()


def test_what_raises_is_undone(database: Database) -> None:
    def interrupted() -> None:
        with database.begin() as session:
            session.execute(text("UPDATE presentation_controls SET notice = 'Hello'"))
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    with database.single() as session:
        assert session.scalar(text("SELECT notice FROM presentation_controls")) is None


def test_an_error_of_the_database_leaves_a_usable_connection(database_url: str) -> None:
    database = Database.at(database_url, connections=1)
    with pytest.raises(DataError), database.begin() as session:
        session.execute(text("SELECT 1 / 0"))
    assert ask(database) == 1
    database.engine.dispose()


def test_a_connection_that_the_server_has_closed_is_replaced_unnoticed(database: Database, database_url: str) -> None:
    idle = Database.at(database_url, connections=1)
    with idle.single() as session:
        its_process = session.scalar(text("SELECT pg_backend_pid()"))
    with database.single() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": its_process})
    with idle.single() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != its_process
    idle.engine.dispose()


def test_a_row_is_one_trip_within_limits(database: Database) -> None:
    asked = "SELECT current_setting('statement_timeout') AS most, %s AS given, gen_random_uuid() AS id"
    row = database.row(asked, 7)
    assert row
    assert (row["most"], row["given"], type(row["id"])) == ("30s", 7, UUID)
    assert database.row("SELECT 1 WHERE false") is None


def test_a_row_in_vain_is_told_like_all_else(database_url: str) -> None:
    database = Database.at(database_url, connections=1, wait=0.1)
    with pytest.raises(psycopg2.DataError):
        database.row("SELECT 1 / 0")
    with pytest.raises(Unavailable, match="cannot be reached"):
        database.row("SELECT pg_terminate_backend(pg_backend_pid(), 5000)")
    for missing in ("nowhere", "nowhere()"):
        with pytest.raises(Unavailable, match="lacks tables"):
            database.row(f"SELECT * FROM {missing}")
    with database.begin() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(Unavailable, match="DATABASE_CONNECTIONS"):
            database.row("SELECT 1")
    assert ask(database) == 1
    database.engine.dispose()


def test_a_snapshot_sees_what_its_first_statement_saw(database: Database) -> None:
    with database.snapshot() as session:
        session.execute(text("SELECT FROM presentation_controls"))
        with database.begin() as other:
            other.execute(text("UPDATE presentation_controls SET notice = 'Hello'"))
        assert session.scalar(text("SELECT notice FROM presentation_controls")) is None
