"""Whose turn it is: the functions of schema.sql, each by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from presentations.accounts import Accounts
from presentations.database import Database
from tests.support.statements import messages_of


def run(database: Database, statement: str, **values: Any) -> list[Any]:
    with database.begin() as session:
        found = session.connection().execute(text(statement), values)
        return list(found.all()) if found.returns_rows else []


def ask(database: Database, user: str = "rosa", **columns: Any) -> list[Any]:
    asked = {"user_id": user, "topic": "Cells", "n_slides": 5, **columns}
    return run(database, "SELECT * FROM presentation_ask(CAST(:asked AS jsonb), 'Biology')", asked=json.dumps(asked))


def free_places(database: Database, user: str = "rosa") -> int:
    ((free,),) = run(database, "SELECT presentation_free_places(:user)", user=user)
    return int(free)


def admitted(database: Database, user: str = "rosa") -> list[Any]:
    return run(database, "SELECT id, line_entry, is_begun FROM presentation_admit(:user)", user=user)


def set_all(database: Database, sets: str) -> None:
    run(database, f"UPDATE presentation_jobs SET {sets}")


AT_WORK = "status = 'processing', queued_at = NULL, lease_owner = gen_random_uuid(), lease_until = now()"


def test_two_of_a_teacher_stand_in_line_and_the_others_wait(database: Database) -> None:
    asked = [row for _ in range(3) for row in ask(database)]
    assert [row.line_entry for row in asked] == [1, 1, 0]
    assert [row.queued_at is not None for row in asked] == [True, True, False]
    assert free_places(database) == 0
    assert free_places(database, "another") == 2


@pytest.mark.parametrize(
    ("sets", "free"),
    [
        (AT_WORK, 1),
        ("status = 'cancelled', queued_at = NULL", 2),
        ("presenton_task_id = 'one that Presenton is at'", 2),
        ("unanswered_since = now()", 2),
    ],
)
def test_who_takes_up_a_place(database: Database, sets: str, free: int) -> None:
    ask(database)
    set_all(database, sets)
    assert free_places(database) == free


@pytest.mark.parametrize("shut", ["paused_at = now(), pause_reason = 'Exams'", "refused_at = now(), refusal = '401'"])
def test_nobody_enters_while_the_line_stands(database: Database, shut: str) -> None:
    run(database, f"UPDATE presentation_controls SET {shut}")
    (asked,) = ask(database)
    assert (asked.queued_at, asked.line_entry, free_places(database), admitted(database)) == (None, 0, 0, [])


def test_what_was_begun_enters_also_while_the_line_is_paused(database: Database) -> None:
    (asked,) = ask(database)
    set_all(database, "queued_at = NULL, presenton_task_id = 'task-1'")
    run(database, "UPDATE presentation_controls SET paused_at = now(), pause_reason = 'Exams'")
    assert admitted(database) == [(asked.id, 2, True)]


def test_those_who_wait_longest_enter_first(database: Database) -> None:
    asked = [row.id for _ in range(5) for row in ask(database)]
    set_all(database, "queued_at = NULL")
    assert [row.id for row in admitted(database)] == asked[:2]
    assert admitted(database) == []


def test_one_that_is_asked_for_does_not_overtake(database: Database) -> None:
    ask(database)
    set_all(database, "queued_at = NULL")
    (late,) = ask(database)
    assert late.queued_at is None


def test_room_is_counted_before_and_after(database: Database) -> None:
    run(database, "UPDATE presentation_controls SET max_waiting = 2")
    for _ in range(2):
        ask(database)
    ((before, after),) = run(database, "SELECT presentation_has_room('rosa', 1), presentation_has_room('rosa', 0)")
    assert (before, after, ask(database)) == (False, True, [])
    assert ask(database, "another")


def test_an_outline_that_waits_for_its_teacher_is_in_nobodys_way(database: Database) -> None:
    for _ in range(3):
        ask(database)
    outlined = "outline = '[\"# Rain\"]', outlined_at = now(), awaits_teacher_since = now(), queued_at = NULL"
    set_all(database, outlined)
    run(database, "UPDATE presentation_controls SET max_waiting = 1")
    assert (free_places(database), admitted(database)) == (2, [])
    assert run(database, "SELECT presentation_others_wait('rosa')") == [(False,)]
    (asked,) = ask(database)
    assert asked.queued_at is not None
    set_all(database, "awaits_teacher_since = NULL")
    assert len(admitted(database)) == 1


@pytest.mark.parametrize(
    "sets",
    [
        "awaits_teacher_since = now()",
        "outline = '[]'",
        "outline = '[]', outlined_at = now(), awaits_teacher_since = now(), status = 'complete', queued_at = NULL",
        "outline = '[]', outlined_at = now(), awaits_teacher_since = now()",
    ],
)
def test_what_no_outline_can_be_is_refused(database: Database, sets: str) -> None:
    ask(database)
    with pytest.raises(IntegrityError):
        set_all(database, sets)


def test_the_same_key_gives_the_first_also_where_there_is_no_room(database: Database) -> None:
    run(database, "UPDATE presentation_controls SET max_waiting = 1")
    (first,) = ask(database, idempotency_key="monday")
    (again,) = ask(database, idempotency_key="monday", topic="Leaves")
    assert (again.id, again.topic) == (first.id, "Cells")
    assert ask(database, idempotency_key="tuesday") == []


def test_nothing_is_asked_for_an_account_that_is_deactivated(database: Database, accounts: Accounts) -> None:
    accounts.deactivate("teacher")
    assert ask(database, "teacher") == []


def test_its_subject_is_made_once_and_none_for_the_unorganized(database: Database) -> None:
    for _ in range(2):
        ask(database, subject="biology")
    ask(database)
    assert run(database, "SELECT key, name FROM presentation_subjects") == [("biology", "Biology")]


def test_what_a_column_forbids_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="presentation_jobs_n_slides_check"):
        ask(database, n_slides=51)


def test_asking_is_one_message(database: Database) -> None:
    sent = messages_of(database.engine)
    with database.single() as session:
        asked = json.dumps({"user_id": "rosa", "topic": "Cells", "n_slides": 5})
        session.execute(text("SELECT * FROM presentation_ask(CAST(:asked AS jsonb), NULL)"), {"asked": asked})
    assert len(sent) == 1


def test_others_may_wait_where_somebody_is_asking_just_now(database: Database) -> None:
    waits = "SELECT presentation_others_wait('rosa'), presentation_others_wait('another')"
    ask(database)
    assert run(database, waits) == [(False, False)]
    with database.begin() as session:
        session.execute(text("SELECT presentation_lock_line('rosa')"))
        assert run(database, waits) == [(True, False)]
    for _ in range(2):
        ask(database)
    assert run(database, waits) == [(True, False)]


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ("user_id, status", "'rosa', 'complete'"),
        ("user_id, queued_at", "'teacher' || n % 100, now()"),
        ("user_id, status, lease_owner", "'teacher' || n, 'processing', gen_random_uuid()"),
    ],
)
def test_asking_reads_what_a_teacher_has_in_hand_and_no_more(database: Database, columns: str, values: str) -> None:
    """Also by the plan of an empty table, which a connection keeps until PostgreSQL analyses it."""
    run(database, "ALTER TABLE presentation_jobs SET (autovacuum_enabled = false)")
    many = f"INSERT INTO presentation_jobs (topic, {columns}) SELECT 'Cells', {values} FROM generate_series(1, 1000) n"
    read = text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'presentation_jobs'")
    asking = text("SELECT * FROM presentation_ask(CAST(:asked AS jsonb), NULL)")
    asked = {"asked": json.dumps({"user_id": "rosa", "topic": "Cells", "n_slides": 5})}
    with database.begin() as session:
        for _ in range(10):  # as often as it takes until the plan is kept
            session.execute(asking, asked)
        session.execute(text(many))
        before = session.scalars(read).one()
        session.execute(asking, asked)
        assert session.scalars(read).one() - before < 100
