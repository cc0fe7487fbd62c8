"""A test meets nothing of what another has left in its database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.support.databases import Databases
from tests.support.servers import Postgres

ADD = """
    INSERT INTO presentation_users (id, name, email) VALUES ('rosa', 'Rosa', 'rosa@school.example');
    INSERT INTO presentation_jobs (user_id, topic, n_slides) VALUES ('rosa', 'Cells', 8)
"""
CHANGES = [
    "ALTER TABLE presentation_jobs ADD COLUMN more text",
    "ALTER TABLE presentation_jobs RENAME TO presentation_gone",
    "ALTER TABLE presentation_jobs ADD CHECK (n_slides < 99)",
    "ALTER TABLE presentation_jobs DISABLE TRIGGER presentation_jobs_changed",
    "ALTER TABLE presentation_jobs SET (fillfactor = 50)",
    "GRANT SELECT ON presentation_jobs TO PUBLIC",
    "CREATE TABLE more ()",
    "DROP TABLE presentation_undos",
    "DROP INDEX presentation_answers_began",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql RETURN 1",
    "CREATE SCHEMA more",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Tokyo'); END $$",
    "UPDATE presentation_controls SET max_waiting = 7",
    "DELETE FROM presentation_schema_steps",
]


@pytest.fixture
def databases(postgres_server: Postgres, template: str) -> Iterator[Databases]:
    databases = Databases(Postgres(postgres_server.url, f"{postgres_server.prefix}_own"), template)
    yield databases
    databases.drop_all()


def run(url: str, sql: str) -> list[tuple[object, ...]]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(sql))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


def oid(url: str) -> object:
    return run(url, "SELECT oid FROM pg_database WHERE datname = current_database()")


def test_rows_are_gone_and_numbers_begin_anew(databases: Databases) -> None:
    seen = []
    for _ in range(3):
        with databases.database() as url:
            run(url, ADD)
            seen.append((oid(url), run(url, "SELECT id FROM presentation_events")))
    assert seen[1] == seen[2] == seen[0]
    assert seen[0][1] == [(1,)]


def test_a_number_that_was_used_up_is_given_again(databases: Databases) -> None:
    with databases.database() as url:
        run(url, ADD)
        run(url, "DELETE FROM presentation_jobs")
    with databases.database() as url:
        run(url, ADD)
        assert run(url, "SELECT id FROM presentation_events") == [(1,)]


@pytest.mark.parametrize("change", CHANGES)
def test_one_whose_making_was_changed_is_not_used_again(databases: Databases, change: str) -> None:
    with databases.database() as url:
        changed = oid(url)
        run(url, change)
    with databases.database() as url:
        assert oid(url) != changed
        run(url, ADD)


def test_who_stays_too_long_does_not_find_the_next_ones(databases: Databases) -> None:
    with databases.database() as old:
        pass
    with databases.database() as new:
        assert make_url(new).database != make_url(old).database
