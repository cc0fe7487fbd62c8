"""What is deleted for good, and when; what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.library import Library, Organiser
from presentations.operations import purge as purging
from presentations.operations import purge_old
from tests.support.presentations import delete, finished, restore
from tests.support.processes import Process
from tests.support.waiting import eventually


def age(database: Database, table: str, column: str, **ago: float) -> None:
    with database.begin() as session:
        session.execute(text(f"UPDATE {table} SET {column} = now() - :ago"), {"ago": timedelta(**ago)})


def rows(database: Database, table: str) -> int:
    with database.begin() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_what_was_deleted_long_ago_is_gone_for_good(library: Library, database: Database) -> None:
    kept, old, new = (finished(library, database, "alice", topic) for topic in ("Kept", "Old", "New"))
    delete(library, "alice", old.id)
    age(database, "presentation_jobs", "ended_at", days=90)
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET deleted_at = deleted_at - interval '31 days'"))
    delete(library, "alice", new.id)
    assert purge_old(database) == 1
    assert {p.id for p in (library.get("alice", kept.id), restore(library, new.id))} == {kept.id, new.id}
    assert rows(database, "presentation_jobs") == 2
    assert purge_old(database) == 0


def test_many_are_purged_in_batches(library: Library, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        delete(library, "alice", finished(library, database, "alice", f"Topic {n}").id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    monkeypatch.setattr(purging, "_BATCH", 3)
    assert purge_old(database) == 7
    assert (rows(database, "presentation_jobs"), rows(database, "presentation_events")) == (0, 0)


def test_old_undos_and_links_are_gone(library: Library, database: Database, accounts: Accounts) -> None:
    organiser = Organiser(library.database, library.engine)
    done = finished(library, database, "teacher", "Cells")
    organiser.move("teacher", [done.id], "Biology")
    age(database, "presentation_undos", "made_at", hours=25)
    new = organiser.move("teacher", [done.id], "Physics")
    accounts.make_link("teacher")
    age(database, "presentation_sign_in_links", "expires_at", minutes=1)
    good = accounts.make_link("colleague")
    purge_old(database)
    assert (rows(database, "presentation_undos"), rows(database, "presentation_sign_in_links")) == (1, 1)
    assert organiser.undo("teacher", new.undo_id) == 1
    assert accounts.link_holder(good).id == "colleague"


def test_a_worker_purges_when_it_starts(
    library: Library, database: Database, start_worker: Callable[..., Process]
) -> None:
    delete(library, "alice", finished(library, database, "alice", "Old").id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    start_worker()
    eventually(lambda: rows(database, "presentation_jobs") == 0)
