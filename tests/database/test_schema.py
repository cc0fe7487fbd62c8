"""schema.sql: what it makes, that it can be run again, and that every query has its index."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import Column

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.engine import SCHEMA
from presentations.database.models import Base
from presentations.jobs.admission import _USERS_WAITING
from presentations.jobs.estimates import PACE, PLACES
from presentations.library import Library
from presentations.library.sections import COUNTS, SECTIONS
from presentations.library.undo import REFILE
from tests.database.psql import psql
from tests.support.presentations import rename
from tests.support.servers import Postgres

SPEC_QUERIES = {
    "unorganized": "SELECT * FROM presentation_jobs WHERE subject = 'default' AND status = 'complete' "
    "ORDER BY created_at DESC",
    "by subject": "SELECT * FROM presentation_jobs WHERE subject = 'biology' AND status = 'complete' "
    "ORDER BY created_at DESC",
    "pending": "SELECT * FROM presentation_jobs WHERE status IN ('pending', 'processing') ORDER BY created_at ASC",
}


def test_it_can_be_run_again_over_data(database: Database, library: Library) -> None:
    asked = library.create("alice", "Photosynthesis")
    database.install_schema()
    database.install_schema()
    assert library.get("alice", asked.id).topic == "Photosynthesis"


def test_psql_runs_it(database: Database) -> None:
    """As the README says: nothing but psql -f schema.sql."""
    url = database.engine.url.render_as_string(hide_password=False)
    for _ in range(2):
        psql(url, "-f", str(SCHEMA))
    for query in SPEC_QUERIES.values():
        psql(url, "-c", query)


def test_a_change_is_noted_and_a_renewed_lease_is_not(database: Database, library: Library) -> None:
    asked = library.create("alice", "Photosynthesis")
    first = library.get("alice", asked.id).changed_at
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET lease_until = now(), topic = topic"))
    assert library.get("alice", asked.id).changed_at == first
    assert rename(library, "alice", asked.id, "Leaves").changed_at > first


def test_models_and_tables_are_the_same(database: Database) -> None:
    with database.begin() as session:
        rows = session.execute(
            text(
                "SELECT table_name, column_name, data_type, is_nullable, column_default "
                "FROM information_schema.columns WHERE table_schema = 'public'"
            )
        ).all()
    in_database = {(row[0], row[1]): (row[2], row[3] == "YES", row[4] is not None) for row in rows}
    in_models = {
        (table.name, column.name): (_type(column), bool(column.nullable), column.server_default is not None)
        for table in Base.metadata.tables.values()
        for column in table.columns
    }
    assert in_models == in_database


def _type(column: Column[object]) -> str:
    return str(column.type.compile(dialect=postgresql.dialect())).lower()  # type: ignore[no-untyped-call]


def test_every_table_and_index_has_our_name(database: Database) -> None:
    with database.begin() as session:
        names = session.scalars(text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")).all()
    assert names
    assert all(name.startswith("presentation_") for name in names)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'done'",
        "n_slides = 51",
        "n_slides = 0",
        "topic = ''",
        "topic = repeat('x', 501)",
        "user_id = ''",
        "status = 'processing'",
        "lease_owner = gen_random_uuid()",
        "queued_at = now(), status = 'complete'",
        "tone = 'angry'",
        "deleted_at = now()",
    ],
)
def test_the_database_holds_the_rules(database: Database, library: Library, change: str) -> None:
    library.create("alice", "Photosynthesis")
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(text(f"UPDATE presentation_jobs SET {change}"))


@pytest.mark.parametrize(
    "change", ["role = 'king'", "id = ''", "name = ''", "email = 'Carl@School.example'", "email = '@'"]
)
def test_the_database_holds_the_rules_of_accounts(database: Database, accounts: Accounts, change: str) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(text(f"UPDATE presentation_users SET {change} WHERE id = 'teacher'"))


@pytest.fixture(scope="module")
def many_rows(postgres_server: Postgres, template: str) -> Iterator[Database]:
    """100,000 presentations of 500 teachers, 1 % of them not over yet."""
    with postgres_server.database("many", template) as url:
        database = Database.at(url)
        # Without a limit on time.
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(_MANY))
            connection.execute(text("VACUUM ANALYZE presentation_jobs"))
        yield database
        database.engine.dispose()


_MANY = """
INSERT INTO presentation_jobs (user_id, topic, status, subject, created_at, queued_at, lease_owner, lease_until,
                               presenton_id, idempotency_key, started_at, completed_at)
SELECT 'teacher' || n % 500, 'Topic ' || n, status,
       CASE n % 7 WHEN 0 THEN 'default' WHEN 1 THEN 'biology' ELSE 'subject' || n % 40 END,
       now() - n * interval '1 minute',
       CASE WHEN status = 'pending' AND n % 3 = 0 THEN now() END,
       CASE WHEN status = 'processing' THEN gen_random_uuid() END,
       CASE WHEN status = 'processing' THEN now() END,
       CASE WHEN status = 'complete' THEN 'deck' || n END,
       CASE WHEN n % 10 = 0 THEN 'key' || n END,
       now() - n * interval '1 minute', CASE WHEN status = 'complete' THEN now() - (n - 9) * interval '1 minute' END
FROM (SELECT n, CASE WHEN n % 100 = 1 THEN 'pending' WHEN n % 300 = 2 THEN 'processing' WHEN n % 50 = 3 THEN 'error'
                     WHEN n % 50 = 4 THEN 'cancelled' ELSE 'complete' END AS status
      FROM generate_series(1, 100000) AS n) AS numbers
"""


def _filled(query: str, **values: str) -> str:
    """`query` with its parameters written out."""
    return re.sub(r":(\w+)", lambda found: values[found[1]], query)


QUERIES = {
    **{f"spec: {name}": query for name, query in SPEC_QUERIES.items()},
    "a teacher's section": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher7' AND status = 'complete' "
    "AND subject = 'biology' ORDER BY created_at DESC, id DESC LIMIT 12",
    "a teacher's counts": "SELECT subject, count(*) FROM presentation_jobs WHERE user_id = 'teacher7' "
    "AND status = 'complete' GROUP BY subject",
    "a teacher's counts of all": "SELECT status, subject, count(*) FROM presentation_jobs WHERE user_id = 'teacher7' "
    "AND status <> 'deleted' GROUP BY status, subject",
    "a teacher's sections, each with its newest": _filled(SECTIONS.text, user_id="'teacher7'", most="12"),
    "a teacher's counts with the names of subjects": _filled(COUNTS.text, user_id="'teacher7'"),
    "whether anything has changed": "SELECT latest_change FROM presentation_news('teacher1')",
    "how many outlines wait": "SELECT outlines FROM presentation_news('teacher1')",
    "how long it takes": PACE.text,
    "places in line": _filled(PLACES.text, ids="'{7b3d8b0e-6a8f-4c52-8a43-2f4a4d1ad7f2}'"),
    "a search by title": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher7' AND status <> 'deleted' "
    "AND strpos(search_text, presentation_search_text('Tópic')) > 0 ORDER BY left(search_text, 100) COLLATE \"C\", id",
    "a teacher's oldest": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher7' AND status <> 'deleted' "
    "ORDER BY created_at, id LIMIT 50",
    "all in a subject": "SELECT id FROM presentation_jobs WHERE user_id = 'teacher7' AND subject = 'biology' "
    "ORDER BY id",
    "back where it was": _filled(
        REFILE.text,
        ids="'{7b3d8b0e-6a8f-4c52-8a43-2f4a4d1ad7f2}'",
        keys="'{biology}'",
    ),
    "deleted long ago": "SELECT id FROM presentation_jobs WHERE status = 'deleted' "
    "AND deleted_at < now() - interval '30 days' ORDER BY deleted_at LIMIT 500",
    "a timeline": "SELECT * FROM presentation_events WHERE "
    "presentation_id = '7b3d8b0e-6a8f-4c52-8a43-2f4a4d1ad7f2' ORDER BY id",
    "a teacher's newest": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher7' AND status <> 'deleted' "
    "ORDER BY created_at DESC, id DESC LIMIT 50",
    "a later page": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher7' AND status <> 'deleted' AND "
    "(created_at, id) < (now() - interval '9 days', gen_random_uuid()) ORDER BY created_at DESC, id DESC LIMIT 50",
    "what of a teacher's has ended": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher7' AND "
    "status <> 'deleted' AND ended_at > now() AND ended_at < now() ORDER BY ended_at "
    "FETCH FIRST 100 ROWS WITH TIES",
    "what has ended": "SELECT * FROM presentation_jobs WHERE status <> 'deleted' AND ended_at > now() "
    "AND ended_at < now() ORDER BY ended_at FETCH FIRST 100 ROWS WITH TIES",
    "everybody's newest": "SELECT * FROM presentation_jobs WHERE status <> 'deleted' "
    "ORDER BY created_at DESC, id DESC LIMIT 50",
    "expired leases": "SELECT id, lease_owner FROM presentation_jobs WHERE status = 'processing' "
    "AND lease_until < now() - interval '1 day' ORDER BY lease_until",
    "renewal": "UPDATE presentation_jobs SET lease_until = now() WHERE status = 'processing' "
    "AND lease_owner IN (gen_random_uuid(), gen_random_uuid())",
    "lost places in line": "SELECT id, line_entry FROM presentation_jobs WHERE status = 'pending' "
    "AND queued_at < now() - interval '1 day'",
    "a teacher's places in line": "SELECT count(*) FROM presentation_jobs WHERE user_id = 'teacher7' "
    "AND queued_at IS NOT NULL AND NOT (presenton_task_id IS NOT NULL OR unanswered_since IS NOT NULL)",
    "whether one is being made": "SELECT EXISTS (SELECT 1 FROM presentation_jobs WHERE user_id = 'teacher7' "
    "AND status = 'processing')",
    "a teacher's next": "SELECT id FROM presentation_jobs WHERE user_id = 'teacher7' AND status = 'pending' "
    "AND queued_at IS NULL ORDER BY asked_at, id LIMIT 2",
    "who waits": _USERS_WAITING.text,
    "decks that are taken": "SELECT presenton_id FROM presentation_jobs WHERE presenton_id IN ('deck7', 'deck8')",
    "an idempotency key": "SELECT * FROM presentation_jobs WHERE user_id = 'teacher0' AND idempotency_key = 'key1000'",
}


@pytest.mark.parametrize("name", QUERIES)
def test_at_100_000_rows_an_index_is_used(many_rows: Database, name: str) -> None:
    with many_rows.begin() as session:
        plan = "\n".join(session.scalars(text(f"EXPLAIN {QUERIES[name]}")))
    assert "Seq Scan" not in plan, plan
    assert re.search("presentation_(jobs|events)_", plan), plan
