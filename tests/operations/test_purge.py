"""What is deleted for good, and when; what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
from sqlalchemy import text

from presentations.accounts import Accounts, Sessions
from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.files import Store, deck_prefix
from presentations.library import Library, Organiser, Uploads
from presentations.operations import old_material, purge_old
from presentations.operations import purge as purging
from presentations.presenton import Presenton
from presentations.settings import Settings
from tests.support.keeper import Keeper
from tests.support.presentations import delete, finished, restore, write
from tests.support.processes import Process
from tests.support.uploads import Give
from tests.support.waiting import eventually


def age(database: Database, table: str, column: str, **ago: float) -> None:
    with database.begin() as session:
        session.execute(text(f"UPDATE {table} SET {column} = now() - :ago"), {"ago": timedelta(**ago)})


def rows(database: Database, table: str) -> int:
    with database.begin() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_what_was_deleted_long_ago_is_gone_for_good(library: Library, database: Database, store: Store) -> None:
    kept, old, new = (finished(library, database, "alice", topic) for topic in ("Kept", "Old", "New"))
    delete(library, "alice", old.id)
    age(database, "presentation_jobs", "ended_at", days=90)
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET deleted_at = deleted_at - interval '31 days'"))
    delete(library, "alice", new.id)
    assert purge_old(database, store) == 1
    assert {p.id for p in (library.get("alice", kept.id), restore(library, new.id))} == {kept.id, new.id}
    assert rows(database, "presentation_jobs") == 2
    assert purge_old(database, store) == 0


def test_many_are_purged_in_batches(
    library: Library, database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(7):
        delete(library, "alice", finished(library, database, "alice", f"Topic {n}").id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    monkeypatch.setattr(purging, "_BATCH", 3)
    assert purge_old(database, store) == 7
    assert (rows(database, "presentation_jobs"), rows(database, "presentation_events")) == (0, 0)


def test_with_a_presentation_go_its_files_and_no_others(
    library: Library, database: Database, store: Store, keeper: Keeper
) -> None:
    kept, old = (finished(library, database, "alice", topic) for topic in ("Kept", "Old"))
    for one in (kept, old):
        keeper.keep(one.id)
    delete(library, "alice", old.id)
    write(database, old, deleted_at=text("now() - interval '31 days'"))
    assert purge_old(database, store) == 1
    assert {one.key.split("/")[2] for one in store.listed()} == {str(kept.id)}


def test_a_store_that_is_away_holds_up_no_purge(
    library: Library, database: Database, store: Store, keeper: Keeper, settings: Settings
) -> None:
    old = [finished(library, database, "alice", f"Old {n}") for n in range(2)]
    keeper.keep(old[0].id)
    for one in old:
        delete(library, "alice", one.id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    assert purge_old(database, Store.of(replace(settings, files_url="/srv/not-mounted"))) == 2
    assert rows(database, "presentation_jobs") == 0
    assert list(store.listed(deck_prefix(old[0].id)))  # for the sweep


def test_sessions_that_have_ended_are_gone(database: Database, store: Store, accounts: Accounts) -> None:
    sessions = Sessions(database)
    kept = sessions.start(accounts.get("colleague"))
    sessions.start(accounts.get("teacher"))
    accounts.end_sessions("teacher")
    purge_old(database, store)
    assert (rows(database, "presentation_sessions"), sessions.holder(kept) is not None) == (1, True)
    age(database, "presentation_sessions", "used_at", days=31)
    purge_old(database, store)
    assert rows(database, "presentation_sessions") == 0


def test_old_undos_and_links_are_gone(library: Library, database: Database, store: Store, accounts: Accounts) -> None:
    organiser = Organiser(library.database, library.engine)
    done = finished(library, database, "teacher", "Cells")
    organiser.move("teacher", [done.id], "Biology")
    age(database, "presentation_undos", "made_at", hours=25)
    new = organiser.move("teacher", [done.id], "Physics")
    accounts.make_link("teacher")
    age(database, "presentation_sign_in_links", "expires_at", minutes=1)
    good = accounts.make_link("colleague")
    purge_old(database, store)
    assert (rows(database, "presentation_undos"), rows(database, "presentation_sign_in_links")) == (1, 1)
    assert organiser.undo("teacher", new.undo_id).count == 1
    assert accounts.link_holder(good).id == "colleague"


def test_a_worker_purges_when_it_starts(
    library: Library, database: Database, start_worker: Callable[..., Process]
) -> None:
    delete(library, "alice", finished(library, database, "alice", "Old").id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    start_worker()
    eventually(lambda: rows(database, "presentation_jobs") == 0)


@pytest.fixture
def presenton(settings: Settings) -> Presenton:
    return Presenton(settings)


def decks(demo: DemoPresenton) -> set[str]:
    """The ids of those that Presenton has."""
    listed = requests.get(f"{demo.url}/api/v1/ppt/presentation/all", params={"include_slides": "false"}, timeout=30)
    return {deck["id"] for deck in listed.json()}


def made(library: Library, database: Database, deck_id: str) -> Presentation:
    """A presentation that names this deck."""
    one = finished(library, database, "alice", "Cells")
    write(database, one, presenton_id=deck_id)
    return one


def deleted(library: Library, database: Database, deck_id: str, days: int = 31) -> Presentation:
    """The same, deleted so long ago."""
    one = made(library, database, deck_id)
    delete(library, "alice", one.id)
    write(database, one, deleted_at=text(f"now() - interval '{days} days'"))
    return one


def test_with_a_purged_presentation_goes_its_deck_and_no_other(
    library: Library, database: Database, store: Store, demo: DemoPresenton, presenton: Presenton
) -> None:
    kept, new, old, twice, shared, stranger = (demo.people.begin(f"Topic {n}", 5) for n in range(6))
    made(library, database, kept)
    deleted(library, database, new, days=29)
    deleted(library, database, old)
    for _ in range(2):
        deleted(library, database, twice)
    deleted(library, database, shared)
    made(library, database, shared)
    assert purge_old(database, store, presenton) == 4
    assert decks(demo) == {kept, new, shared, stranger}
    assert purge_old(database, store, presenton) == 0


def test_without_the_setting_decks_stay(
    library: Library, database: Database, store: Store, demo: DemoPresenton
) -> None:
    deck_id = demo.people.begin("Cells", 5)
    deleted(library, database, deck_id)
    assert purge_old(database, store) == 1
    assert decks(demo) == {deck_id}


def test_a_deck_that_is_gone_already_is_no_trouble(
    library: Library, database: Database, store: Store, presenton: Presenton
) -> None:
    deleted(library, database, "00000000-0000-0000-0000-000000000000")
    assert purge_old(database, store, presenton) == 1


@pytest.mark.parametrize("fault", ["status", "key_refused", "web_server"])
def test_where_presenton_is_away_its_deck_is_deleted_the_next_time(
    library: Library,
    database: Database,
    store: Store,
    demo: DemoPresenton,
    presenton: Presenton,
    fault: str,
) -> None:
    deck_id = demo.people.begin("Cells", 5)
    deleted(library, database, deck_id)
    without = finished(library, database, "alice", "Has no deck")
    delete(library, "alice", without.id)
    write(database, without, deleted_at=text("now() - interval '31 days'"))
    demo.faults.add(fault)
    assert purge_old(database, store, presenton) == 1
    assert rows(database, "presentation_jobs") == 1
    demo.faults.clear()
    assert decks(demo) == {deck_id}
    assert purge_old(database, store, presenton) == 1
    assert decks(demo) == set()


def test_after_a_week_without_presenton_a_presentation_goes_without_its_deck(
    library: Library, database: Database, store: Store, demo: DemoPresenton, presenton: Presenton
) -> None:
    for days in (36, 38):
        deleted(library, database, demo.people.begin("Cells", 5), days)
    demo.stop()
    assert purge_old(database, store, presenton) == 1
    assert rows(database, "presentation_jobs") == 1


def test_a_deck_that_presenton_keeps_holds_up_no_other(
    library: Library, database: Database, store: Store, demo: DemoPresenton, presenton: Presenton
) -> None:
    odd, deck_id = "no-uuid", demo.people.begin("Cells", 5)
    deleted(library, database, odd, days=35)
    deleted(library, database, deck_id)
    assert purge_old(database, store, presenton) == 2
    assert decks(demo) == set()


def test_a_worker_deletes_decks_where_the_setting_says_so(
    library: Library, database: Database, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    deleted(library, database, demo.people.begin("Cells", 5))
    start_worker(PRESENTON_DELETE="1")
    eventually(lambda: decks(demo) == set())
    eventually(lambda: rows(database, "presentation_jobs") == 0)


def names(store: Store) -> set[str]:
    """The ids of the uploads whose files are there."""
    return {one.key.split("/")[2] for one in store.listed() if one.key.startswith("uploads/")}


def test_material_that_nobody_used_is_gone_after_a_week(
    library: Library, database: Database, store: Store, uploads: Uploads, give: Give
) -> None:
    unused, kept, used = give("alice", "1.txt"), give("alice", "2.txt"), give("alice", "3.txt")
    uploads.keep("alice", kept.id, True)
    library.create("alice", "Cells", file_ids=[used.id])
    age(database, "presentation_uploads", "created_at", days=6)
    purge_old(database, store)
    assert {one.id for one in uploads.list("alice")} == {unused.id, kept.id, used.id}
    age(database, "presentation_uploads", "created_at", days=8)
    purge_old(database, store)
    assert [one.id for one in uploads.list("alice")] == [used.id]
    assert names(store) == {str(used.id)}
    assert rows(database, "presentation_uploads") == 1


@pytest.mark.parametrize(
    ("status", "ago", "stays"),
    [
        ("complete", 29, True),
        ("complete", 31, False),
        ("error", 29, True),
        ("error", 31, False),
        ("cancelled", 31, False),
        ("pending", None, True),
        ("processing", None, True),
        ("deleted", 29, True),
        ("deleted", 31, False),
    ],
)
def test_the_file_of_material_goes_a_month_after_all_that_was_made_from_it(
    library: Library,
    database: Database,
    store: Store,
    uploads: Uploads,
    give: Give,
    status: str,
    ago: int | None,
    stays: bool,
) -> None:
    kept, used = give("alice", "1.txt"), give("alice", "2.txt")
    uploads.keep("alice", kept.id, True)
    asked = [library.create("alice", topic, file_ids=[kept.id, used.id]) for topic in ("Cells", "Leaves")]
    then, done = text(f"now() - interval '{ago} days'") if ago else None, text("now() - interval '60 days'")
    write(database, asked[0], status="complete", ended_at=done, completed_at=done)
    if status == "deleted":
        delete(library, "alice", asked[1].id)
        write(database, asked[1], ended_at=then)
    else:
        held = {"lease_owner": uuid4()} if status == "processing" else {}
        write(database, asked[1], status=status, ended_at=then, **held)
    age(database, "presentation_uploads", "created_at", days=90)
    purge_old(database, store)
    assert names(store) == {str(one.id) for one in ([kept, used] if stays else [kept])}
    [_, named] = uploads.of("alice", asked[0].id)
    assert (named.id, named.deleted_at is None) == (used.id, stays)


def test_the_row_of_material_goes_with_the_last_presentation_that_names_it(
    library: Library, database: Database, store: Store, uploads: Uploads, give: Give
) -> None:
    one, kept = give("alice", "1.txt"), give("alice", "2.txt")
    uploads.keep("alice", kept.id, True)
    asked = library.create("alice", "Cells", file_ids=[one.id, kept.id])
    delete(library, "alice", asked.id)
    age(database, "presentation_jobs", "deleted_at", days=31)
    age(database, "presentation_uploads", "created_at", days=32)
    assert purge_old(database, store) == 1
    assert (rows(database, "presentation_uploads"), names(store)) == (0, set())


def test_material_is_purged_in_batches_and_where_the_store_is_away_as_well(
    database: Database, store: Store, settings: Settings, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_material, "_BATCH", 2)
    for n in range(5):
        give("alice", f"{n}.txt")
    age(database, "presentation_uploads", "created_at", days=8)
    purge_old(database, Store.of(replace(settings, files_url="/srv/not-mounted")))
    assert rows(database, "presentation_uploads") == 0
    assert len(names(store)) == 5  # for the sweep


def test_outlines_that_nobody_answers_are_put_aside_and_can_be_taken_up_again(
    library: Library, database: Database, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = (library.create("alice", topic, outline_first=True) for topic in ("Old", "New"))
    for one, days in ((old, 15), (new, 13)):
        since = text(f"now() - interval '{days} days'")
        write(database, one, outline=["# Cells"], outlined_at=since, awaits_teacher_since=since)
    with caplog.at_level("INFO"):
        purge_old(database, store)
    aside = library.get("alice", old.id)
    assert (aside.status, library.get("alice", new.id).status) == ("cancelled", "pending")
    assert "Nobody answered its outline for 14 days" in str(aside.message)
    assert f"presentation {old.id}: nobody answered its outline for 14 days: put aside" in caplog.text
    again = library.retry("alice", old.id)
    assert (again.status, again.awaits_teacher_since is None) == ("pending", False)
