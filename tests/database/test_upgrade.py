"""schema.sql over older ones: the same schema as a new installation has, with all rows; each step once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError

from presentations.database import Database
from presentations.database.engine import SCHEMA
from tests.database.catalogue import catalogue, contents
from tests.database.psql import psql
from tests.database.rows import AGAIN_FAILED, COMPLETE, DELETED, fill
from tests.support.servers import Postgres
from tests.support.waiting import eventually

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql"))
FIRST, NEWEST = RELEASES[0], RELEASES[-1]
SQL = SCHEMA.read_text(encoding="utf-8")

NEXT = 1000
# Where rows are added.
FILLED = {"presentation_events", "presentation_schema_steps"}


def run(database: Database, sql: str) -> None:
    with database.begin() as session:
        session.connection().exec_driver_sql(sql, execution_options={"no_parameters": True})


def by_psql(database: Database) -> None:
    psql(database.engine.url.render_as_string(hide_password=False), "-f", str(SCHEMA))


def with_step(statement: str, sql: str = SQL) -> str:
    """schema.sql with one more step."""
    step = f"IF presentation_schema_step({NEXT}, 'one more') THEN {statement}; END IF;"
    longer = sql.replace("\nEND $older$;", f"\n{step}\nEND $older$;")
    assert longer != sql
    return longer


@pytest.fixture
def bare(bare_database_url: str) -> Iterator[Database]:
    """A database without tables."""
    database = Database.at(bare_database_url)
    yield database
    database.engine.dispose()


@pytest.fixture(scope="module")
def todays(postgres_server: Postgres) -> dict[str, list[str]]:
    """What a new installation is made of."""
    with postgres_server.database("todays") as url:
        database = Database.at(url)
        database.install_schema()
        made_of = catalogue(database)
        database.engine.dispose()
    return made_of


@pytest.mark.parametrize("upgrade", [by_psql, Database.install_schema], ids=["psql", "engine"])
@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.stem)
def test_an_older_installation_becomes_what_a_new_one_is(
    bare: Database, todays: dict[str, list[str]], release: Path, upgrade: Callable[[Database], None]
) -> None:
    run(bare, release.read_text(encoding="utf-8"))
    fill(bare)
    before = contents(bare)
    assert all(before.values()), "every table has rows"
    for _ in range(2):
        upgrade(bare)
        assert catalogue(bare) == todays
        after = contents(bare)
        for table in before.keys() - FILLED:
            assert_kept(before[table], after[table])
        assert all(event in after["presentation_events"] for event in before.get("presentation_events", []))
        assert_filled(bare)


def assert_kept(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """No row is gone, none is new, and what was there before is unchanged."""
    columns = before[0].keys()
    known = [{column: row[column] for column in columns} for row in after]
    assert sorted(known, key=repr) == sorted(before, key=repr)


def assert_filled(database: Database) -> None:
    """Older presentations are found, and have a story."""
    assert found(database, "Uberblick 1") == found(database, "aether") == [COMPLETE]
    assert story(database, COMPLETE) == [("asked", None), ("started", None), ("complete", None)]
    assert story(database, DELETED) == [("asked", None), ("started", None), ("deleted", None)]
    with database.begin() as session:
        untold = text("SELECT id FROM presentation_jobs EXCEPT SELECT presentation_id FROM presentation_events")
        assert session.scalars(untold).all() == []


def found(database: Database, words: str) -> list[str]:
    query = "SELECT id::text FROM presentation_jobs WHERE strpos(search_text, presentation_search_text(:words)) > 0"
    with database.begin() as session:
        return list(session.scalars(text(query), {"words": words}))


def story(database: Database, presentation_id: str) -> list[tuple[str, str | None]]:
    query = "SELECT kind, detail FROM presentation_events WHERE presentation_id = :id ORDER BY id"
    with database.begin() as session:
        return [(row.kind, row.detail) for row in session.execute(text(query), {"id": presentation_id})]


def test_a_story_says_what_is_known(bare: Database) -> None:
    run(bare, FIRST.read_text(encoding="utf-8"))
    fill(bare)
    bare.install_schema()
    assert story(bare, AGAIN_FAILED) == [("asked", None), ("asked", None), ("started", None), ("error", "It failed.")]


def test_one_that_was_upgraded_all_along(bare: Database, todays: dict[str, list[str]]) -> None:
    """Up to the API: from the webhooks before it, the release after it could not be reached."""
    for release in RELEASES[:8]:
        run(bare, release.read_text(encoding="utf-8"))
    bare.install_schema()
    assert catalogue(bare) == todays


def test_tokens_of_older_installations_stand_on_their_holders_being_admins(bare: Database) -> None:
    """Those that act for everybody; whoever granted one to somebody else is not known."""
    run(bare, (NEWEST.parent / "15-causes.sql").read_text(encoding="utf-8"))
    fill(bare)
    bare.install_schema()
    with bare.begin() as session:
        made_by = session.execute(text("SELECT user_id, made_by FROM presentation_tokens ORDER BY user_id")).all()
    assert made_by == [("ann", "ann"), ("rosa", None)]


def test_grades_of_before_are_found_and_nothing_else_is_changed(bare: Database) -> None:
    run(bare, (NEWEST.parent / "18-asking.sql").read_text(encoding="utf-8"))
    fill(bare)
    run(bare, f"UPDATE presentation_jobs SET grade = 'Größe 9' WHERE id = '{COMPLETE}'")
    before = changed_at(bare)
    bare.install_schema()
    assert found(bare, "9 grosse") == []
    assert found(bare, "grosse 9") == found(bare, "uberblick 1") == [COMPLETE]
    assert changed_at(bare) == before


def changed_at(database: Database) -> list[Any]:
    with database.begin() as session:
        return list(session.scalars(text("SELECT changed_at FROM presentation_jobs ORDER BY id")))


def steps(database: Database) -> list[int]:
    with database.begin() as session:
        return list(session.scalars(text("SELECT version FROM presentation_schema_steps ORDER BY version")))


def max_waiting(database: Database) -> int:
    with database.begin() as session:
        return int(session.scalar(text("SELECT max_waiting FROM presentation_controls")) or 0)


COUNT_UP = "UPDATE presentation_controls SET max_waiting = max_waiting + 1"


def test_a_step_is_run_once(bare: Database) -> None:
    run(bare, NEWEST.read_text(encoding="utf-8"))
    for _ in range(3):
        run(bare, with_step(COUNT_UP))
    assert max_waiting(bare) == 21


def test_a_new_installation_runs_none_and_has_them_behind_it(bare: Database) -> None:
    for _ in range(2):
        run(bare, with_step("RAISE 'was run'"))
    numbered = [int(number) for number in re.findall(r"^IF presentation_schema_step\((\d+),", SQL, re.MULTILINE)]
    assert steps(bare) == [*numbered, NEXT]
    assert numbered == list(range(2, 2 + len(numbered)))


def test_beside_another_schema_it_is_a_new_installation(bare: Database) -> None:
    """What counts is the schema that the tables are made in, and not the others on the search path."""
    bare.install_schema()
    run(bare, "CREATE SCHEMA mine; SET LOCAL search_path = mine, public;" + with_step("RAISE 'was run'"))
    with bare.begin() as session:
        assert session.scalar(text("SELECT max(version) FROM mine.presentation_schema_steps")) == NEXT


def test_a_step_that_fails_undoes_all(bare: Database) -> None:
    run(bare, FIRST.read_text(encoding="utf-8"))
    fill(bare)
    before = catalogue(bare), contents(bare)
    with pytest.raises(DataError, match="division by zero"):
        run(bare, with_step("PERFORM 1 / 0"))
    assert (catalogue(bare), contents(bare)) == before


def test_a_step_may_take_its_time(bare: Database) -> None:
    run(bare, NEWEST.read_text(encoding="utf-8"))
    run(bare, with_step("ASSERT current_setting('statement_timeout') = '0'"))


WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
""")


def test_two_at_once_run_it_one_after_the_other(bare: Database) -> None:
    run(bare, NEWEST.read_text(encoding="utf-8"))
    with bare.engine.connect() as holder, ThreadPoolExecutor() as pool:
        holder.execute(text("SELECT pg_advisory_xact_lock(723604, 0)"))
        both = [pool.submit(run, bare, with_step(COUNT_UP)) for _ in range(2)]
        eventually(lambda: holder.scalar(WAITING) == 2)
        holder.rollback()
        for one in both:
            one.result()
    assert max_waiting(bare) == 21


def with_60_slides() -> str:
    """schema.sql as the example in it says, for a limit that changes."""
    example = re.search(r"^--     IF presentation_schema_step\(<next>(?:.*\n--     )+?END IF;$", SQL, re.MULTILINE)
    assert example
    statement = "".join(re.findall(r"^--         (.*)", example[0], re.MULTILINE)).removesuffix(";")
    sql = SQL.replace("CHECK (n_slides BETWEEN 1 AND 50)", "CHECK (n_slides BETWEEN 1 AND 60)")
    assert sql != SQL
    return with_step(statement, sql)


def test_a_constraint_that_changes(postgres_server: Postgres, bare: Database) -> None:
    """The example in schema.sql does what it says, to an installation of today as to the oldest one."""
    run(bare, with_60_slides())
    new = catalogue(bare)
    for release in (FIRST, SCHEMA):
        with postgres_server.database("older") as url:
            older = Database.at(url)
            run(older, release.read_text(encoding="utf-8"))
            fill(older)
            for _ in range(2):
                run(older, with_60_slides())
                assert catalogue(older) == new
            run(older, "UPDATE presentation_jobs SET n_slides = 60")
            with pytest.raises(IntegrityError):
                run(older, "UPDATE presentation_jobs SET n_slides = 61")
            older.engine.dispose()
