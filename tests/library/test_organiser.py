"""Moving, renaming and deleting many at once, and subjects."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.errors import InvalidRequest, NotFound
from presentations.library import Library, Organiser
from tests.library.shelves import ids, shelves
from tests.support.presentations import delete, failed, finished, restore


def test_many_are_moved_and_put_back(library: Library, organiser: Organiser, three: list[Presentation]) -> None:
    change = organiser.move("alice", ids(three[1:]), " Physics ")
    assert (change.count, change.title, change.name) == (2, "Topic 1", "Physics")
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 0"], "Physics": ["Topic 1", "Topic 2"]}
    assert organiser.undo("alice", str(change.undo_id)).count == 2
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 0", "Topic 1", "Topic 2"]}


def test_the_kept_name_of_a_subject_is_told(organiser: Organiser, three: list[Presentation]) -> None:
    assert organiser.move("alice", [str(three[0].id)], "bioLOGY").name == "Biology"
    assert organiser.move("alice", ids(three), "unorganized").name == "Unorganized"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("ids", {"ids": []}),
        ("ids", {"ids": [uuid4() for _ in range(501)]}),
        ("subject", {"subject": " "}),
        ("subject", {"subject": "x" * 81}),
        ("subject", {"subject": "a\x00b"}),
        ("subject", {"subject": "\ud800"}),
        ("subject", {"subject": None}),
    ],
)
def test_a_wrong_move_is_named_by_its_field(organiser: Organiser, field: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as error:
        organiser.move("alice", **({"ids": [uuid4()], "subject": "Biology"} | wrong))
    assert error.value.field == field


@pytest.mark.parametrize("other", ["nobody's", "bob's", "deleted", "nonsense"])
def test_with_one_that_is_not_hers_nothing_is_changed(
    library: Library, database: Database, organiser: Organiser, three: list[Presentation], other: str
) -> None:
    of_bob = finished(library, database, "bob", "Secret").id
    delete(library, "alice", three[2].id)
    others: dict[str, str | UUID] = {"nobody's": uuid4(), "bob's": of_bob, "deleted": three[2].id, "nonsense": "x"}
    wrong = others[other]
    before = shelves(library)
    for change in (organiser.delete, lambda user, each: organiser.move(user, each, "Physics")):
        with pytest.raises(NotFound):
            change("alice", [*ids(three[:2]), wrong])
    with pytest.raises(NotFound):
        organiser.rename("alice", wrong, "Mine")
    assert shelves(library) == before
    assert library.get("bob", of_bob).subject == "default"


def test_one_named_twice_counts_once(organiser: Organiser, three: list[Presentation]) -> None:
    assert organiser.move("alice", [three[0].id, str(three[0].id)], "Physics").count == 1


def test_a_title_is_given_taken_away_and_put_back(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    first = organiser.rename("alice", three[0].id, " Leaves ")
    assert (first.count, first.title, first.name) == (1, "Topic 0", "Leaves")
    second = organiser.rename("alice", three[0].id, "  ")
    assert (second.title, second.name) == ("Leaves", "Topic 0")
    assert library.get("alice", three[0].id).title is None
    # The first change is no longer as it was left, the second one is.
    assert organiser.undo("alice", first.undo_id).count == 0
    assert organiser.undo("alice", second.undo_id).count == 1
    assert library.get("alice", three[0].id).title == "Leaves"
    with pytest.raises(InvalidRequest, match="title"):
        organiser.rename("alice", three[0].id, "x" * 501)


def test_what_is_deleted_leaves_the_line_and_undo_lets_it_wait_again(
    library: Library, database: Database, organiser: Organiser
) -> None:
    done, error = finished(library, database, "alice", "Done"), failed(library, database, "alice", "Failed")
    waiting = [library.create("alice", f"Waiting {n}") for n in range(3)]
    change = organiser.delete("alice", ids([done, error, *waiting[:2]]))
    assert (change.count, change.title, change.name) == (4, "Done", "")
    assert ids(library.list("alice").items) == [waiting[2].id]
    waits = [f"{p.id}_1" in library.engine.queue.look().jobs for p in waiting]
    assert waits == [False, False, True]
    assert organiser.undo("alice", change.undo_id).count == 4
    statuses = {p.topic: p.status for p in library.list("alice").items}
    assert (statuses["Done"], statuses["Failed"]) == ("complete", "error")
    assert {statuses[p.topic] for p in waiting} == {"pending"}
    assert library.engine.queue.look().jobs & {f"{p.id}_2" for p in waiting[:2]}


def test_a_subject_is_made_once(library: Library, organiser: Organiser) -> None:
    assert organiser.create_subject("alice", "  Modern  Art ") == "Modern Art"
    assert organiser.create_subject("alice", "MODERN ART") == "Modern Art"
    assert shelves(library) == {"Unorganized": [], "Modern Art": []}
    for wrong in ("", "unorganized", " UNORGANIZED ", "x" * 81, "default", "\u200b\x00"):
        with pytest.raises(InvalidRequest) as error:
            organiser.create_subject("alice", wrong)
        assert error.value.field == "name"


def test_a_subject_gets_another_name(library: Library, organiser: Organiser, three: list[Presentation]) -> None:
    change = organiser.rename_subject("alice", "biology", "Life science")
    assert (change.count, change.name) == (3, "Life science")
    assert shelves(library) == {"Unorganized": [], "Life science": ["Topic 0", "Topic 1", "Topic 2"]}
    assert organiser.undo("alice", change.undo_id).count == 4
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 0", "Topic 1", "Topic 2"]}


def test_a_subject_is_spelled_otherwise(library: Library, organiser: Organiser, three: list[Presentation]) -> None:
    change = organiser.rename_subject("alice", "biology", "BIOLOGY")
    assert (change.count, change.name) == (3, "BIOLOGY")
    assert library.get("alice", three[0].id).subject == "biology"
    assert list(shelves(library)) == ["Unorganized", "BIOLOGY"]
    assert organiser.undo("alice", change.undo_id).count == 1
    assert list(shelves(library)) == ["Unorganized", "Biology"]


def test_two_subjects_become_one_and_two_again(
    library: Library, database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    finished(library, database, "alice", "Atoms", subject="Physics")
    finished(library, database, "bob", "Not hers", subject="Biology")
    before = shelves(library)
    change = organiser.rename_subject("alice", "Biology", "PHYSICS")
    assert (change.count, change.name) == (3, "Physics")
    assert shelves(library) == {"Unorganized": [], "Physics": ["Atoms", "Topic 0", "Topic 1", "Topic 2"]}
    assert shelves(library, "bob") == {"Unorganized": [], "Biology": ["Not hers"]}
    assert organiser.undo("alice", change.undo_id).count == 4
    assert shelves(library) == before


def test_a_deleted_subject_gives_its_presentations_back(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    delete(library, "alice", three[2].id)
    change = organiser.delete_subject("alice", "BIOLOGY")
    assert (change.count, change.name) == (2, "Biology")
    assert shelves(library) == {"Unorganized": ["Topic 0", "Topic 1"]}
    assert restore(library, three[2].id).subject == "default"
    delete(library, "alice", three[2].id)
    assert organiser.undo("alice", change.undo_id).count == 3
    restore(library, three[2].id)
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 0", "Topic 1", "Topic 2"]}


@pytest.mark.parametrize("name", ["Physics", "Unorganized", "", "x" * 81])
def test_a_subject_that_she_has_not_is_not_found(organiser: Organiser, three: list[Presentation], name: str) -> None:
    organiser.create_subject("bob", "Physics")
    with pytest.raises(NotFound, match="subject"):
        organiser.delete_subject("alice", name)
    with pytest.raises(NotFound, match="subject"):
        organiser.rename_subject("alice", name, "Chemistry")


@pytest.mark.parametrize("name", ["", "Unorganized", "x" * 81])
def test_a_wrong_new_name_is_named_by_its_field(organiser: Organiser, three: list[Presentation], name: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        organiser.rename_subject("alice", "Biology", name)
    assert error.value.field == "new_name"


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each gave, or raised."""
    results: list[object] = []

    def act(action: Callable[[], object]) -> None:
        try:
            results.append(action())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=act, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_moves_at_once_do_not_block_each_other(
    library: Library, database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    many = three + [finished(library, database, "alice", f"More {n}") for n in range(20)]
    for n in range(5):
        results = at_once(
            lambda n=n: organiser.move("alice", ids(many), f"One {n}"),  # type: ignore[misc]
            lambda n=n: organiser.move("alice", ids(many[::-1]), f"Two {n}"),  # type: ignore[misc]
            lambda n=n: organiser.rename_subject("alice", "Biology", "Botany"),  # type: ignore[misc]
            lambda n=n: organiser.move("alice", ids(many[5:]), "Biology"),  # type: ignore[misc]
        )
        assert not [result for result in results if isinstance(result, Exception) and not isinstance(result, NotFound)]
    named = {subject.key for subject in library.subjects("alice")}
    assert {p.subject for p in library.list("alice").items} <= named


def test_one_undo_of_many_at_once_counts(library: Library, organiser: Organiser, three: list[Presentation]) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    results = at_once(*[lambda: organiser.undo("alice", change.undo_id).count] * 5)
    assert sorted(map(str, results))[0] == "3"
    assert len([result for result in results if isinstance(result, NotFound)]) == 4


def test_what_is_filed_while_its_subject_is_deleted_keeps_a_name(library: Library, organiser: Organiser) -> None:
    for n in range(10):
        organiser.create_subject("alice", "Biology")
        at_once(
            lambda: organiser.delete_subject("alice", "Biology"),
            lambda n=n: library.create("alice", f"Topic {n}", subject="Biology"),  # type: ignore[misc]
        )
        _, names = library.counts("alice")
        assert {p.subject for p in library.list("alice").items} <= {*names, "default"}


def test_a_change_that_met_a_workers_own_is_tried_again(
    database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    first, last = sorted(ids(three))[0], sorted(ids(three))[-1]
    has_one = threading.Event()

    def against_the_order() -> None:
        touch = text("UPDATE presentation_jobs SET message = 'x' WHERE id = :id")
        with database.begin() as session:
            session.execute(touch, {"id": last})
            has_one.set()
            # Who waits longer gives up first: the other one.
            session.execute(text("SELECT pg_sleep(0.5)"))
            session.execute(touch, {"id": first})

    def move() -> int:
        has_one.wait()
        return organiser.move("alice", ids(three), "Physics").count

    results = at_once(against_the_order, move)
    assert {str(result) for result in results} == {"None", "3"}


def test_a_deletion_of_what_waits_counts_as_cancelled(organiser: Organiser, library: Library) -> None:
    def cancelled() -> float:
        return REGISTRY.get_sample_value("lectern_generations_total", {"outcome": "cancelled"}) or 0

    before = cancelled()
    organiser.delete("alice", [library.create("alice", "Cells").id, library.create("alice", "Zero").id])
    assert cancelled() == before + 2
