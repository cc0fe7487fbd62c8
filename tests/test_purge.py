"""What is deleted for good, and when; what is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from presentations import purge as purging
from presentations.accounts import Accounts
from presentations.db import Database
from presentations.dispatcher import Dispatcher
from presentations.leases import Leases
from presentations.library import Library
from presentations.organiser import Organiser
from presentations.presenton import Presenton
from presentations.purge import purge
from presentations.settings import Settings
from presentations.workshop import Workshop
from tests.test_library import finished


def age(database: Database, table: str, column: str, **ago: float) -> None:
    with database.begin() as session:
        session.execute(text(f"UPDATE {table} SET {column} = now() - :ago"), {"ago": timedelta(**ago)})


def rows(database: Database, table: str) -> int:
    with database.begin() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_what_was_deleted_long_ago_is_gone_for_good(library: Library, database: Database) -> None:
    kept, old, new = (finished(library, database, "alice", topic) for topic in ("Kept", "Old", "New"))
    library.delete("alice", old.id)
    age(database, "presentation_jobs", "ended_at", days=90)
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET deleted_at = deleted_at - interval '31 days'"))
    library.delete("alice", new.id)
    assert purge(database) == 1
    assert {p.id for p in (library.get("alice", kept.id), library.restore("alice", new.id))} == {kept.id, new.id}
    assert rows(database, "presentation_jobs") == 2
    assert purge(database) == 0


def test_many_are_purged_in_batches(library: Library, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        library.delete("alice", finished(library, database, "alice", f"Topic {n}").id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    monkeypatch.setattr(purging, "_BATCH", 3)
    assert purge(database) == 7
    assert (rows(database, "presentation_jobs"), rows(database, "presentation_events")) == (0, 0)


def test_old_undos_and_links_are_gone(library: Library, database: Database, accounts: Accounts) -> None:
    organiser = Organiser(library)
    done = finished(library, database, "teacher", "Cells")
    organiser.move("teacher", [done.id], "Biology")
    age(database, "presentation_undos", "made_at", hours=25)
    new = organiser.move("teacher", [done.id], "Physics")
    accounts.make_link("teacher")
    age(database, "presentation_sign_in_links", "expires_at", minutes=1)
    good = accounts.make_link("colleague")
    purge(database)
    assert (rows(database, "presentation_undos"), rows(database, "presentation_sign_in_links")) == (1, 1)
    assert organiser.undo("teacher", new.undo_id) == 1
    assert accounts.link_holder(good).id == "colleague"


def test_the_dispatcher_purges_once_an_hour(library: Library, database: Database, settings: Settings) -> None:
    def deleted_long_ago() -> None:
        library.delete("alice", finished(library, database, "alice", f"{uuid4()}").id)
        age(database, "presentation_jobs", "deleted_at", days=31)

    leases = Leases(database, settings.lease_seconds)
    dispatcher = Dispatcher(Workshop(settings, database, library.line, Presenton(settings), leases))
    deleted_long_ago()
    dispatcher.run_once()
    assert rows(database, "presentation_jobs") == 0
    deleted_long_ago()
    dispatcher.run_once()
    assert rows(database, "presentation_jobs") == 1
    dispatcher._purge_at -= 3600
    dispatcher.run_once()
    assert rows(database, "presentation_jobs") == 0
