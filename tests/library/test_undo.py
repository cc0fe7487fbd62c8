"""Undo: once, for its owner, for ten minutes, and only of what is still as it was left."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.errors import NotFound
from presentations.library import Did, Library, Organiser, Part, Why
from tests.library.shelves import ids, shelves
from tests.support.presentations import delete, finished, organise, restore


def what(parts: Iterable[Part]) -> dict[str, Did | Why]:
    return {part.name: part.what for part in parts}


def test_undoing_a_deletion_leaves_what_was_restored_and_deleted_again(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.delete("alice", ids(three))
    restore(library, three[0].id)
    restore(library, three[1].id)
    delete(library, "alice", three[1].id)
    undone = organiser.undo("alice", change.undo_id)
    assert what(undone.did) == {"Topic 2": Did.RESTORED}
    assert what(undone.left) == {"Topic 0": Why.RESTORED, "Topic 1": Why.DELETED}
    assert shelves(library)["Biology"] == ["Topic 0", "Topic 2"]


def test_only_what_is_still_as_it_was_left_is_put_back(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    organise(library, "alice", three[0].id, "Chemistry")
    undone = organiser.undo("alice", change.undo_id)
    assert what(undone.did) == {"Topic 1": Did.MOVED, "Topic 2": Did.MOVED, "Physics": Did.SUBJECT_REMOVED}
    assert undone.left == [Part(Why.MOVED, "Topic 0", "Chemistry", str(three[0].id))]
    assert undone.count == 2
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 1", "Topic 2"], "Chemistry": ["Topic 0"]}


def test_what_was_deleted_since_is_not_touched(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    moved = organiser.move("alice", ids(three[:1]), "Physics")
    organiser.delete("alice", ids(three[:1]))
    undone = organiser.undo("alice", moved.undo_id)
    assert (undone.count, what(undone.did)) == (0, {"Physics": Did.SUBJECT_REMOVED})
    assert what(undone.left) == {"Topic 0": Why.DELETED}


def test_a_new_subject_that_holds_nothing_but_deleted_ones_goes(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    moved = organiser.move("alice", ids(three[:2]), "Physics")
    deleted = organiser.delete("alice", ids(three[:1]))
    undone = organiser.undo("alice", moved.undo_id)
    assert what(undone.did) == {"Topic 1": Did.MOVED, "Physics": Did.SUBJECT_REMOVED}
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 1", "Topic 2"]}
    undone = organiser.undo("alice", deleted.undo_id)
    assert undone.did == [Part(Did.RESTORED, "Topic 0", "Unorganized", str(three[0].id))]
    assert undone.left == [Part(Why.SUBJECT_GONE, "Physics")]
    assert shelves(library) == {"Unorganized": ["Topic 0"], "Biology": ["Topic 1", "Topic 2"]}


def test_what_is_restored_without_its_subject_says_that_it_is_gone(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    organise(library, "alice", three[2].id, "Unorganized")
    deleted = organiser.delete("alice", ids(three))
    organiser.delete_subject("alice", "Biology")
    undone = organiser.undo("alice", deleted.undo_id)
    assert {part.place for part in undone.did} == {"Unorganized"}
    assert undone.left == [Part(Why.SUBJECT_GONE, "Biology")]
    assert shelves(library) == {"Unorganized": ["Topic 0", "Topic 1", "Topic 2"]}


@pytest.mark.parametrize("is_undone", [True, False], ids=["undone", "made anew"])
def test_what_is_restored_is_in_its_subject_where_that_is_there_again(
    library: Library, organiser: Organiser, three: list[Presentation], is_undone: bool
) -> None:
    deleted = organiser.delete("alice", ids(three[:1]))
    gone = organiser.delete_subject("alice", "Biology")
    if is_undone:
        organiser.undo("alice", gone.undo_id)
    else:
        organiser.create_subject("alice", "BIOLOGY")
    name = "Biology" if is_undone else "BIOLOGY"
    undone = organiser.undo("alice", deleted.undo_id)
    assert (undone.did, undone.left) == ([Part(Did.RESTORED, "Topic 0", name, str(three[0].id))], [])
    assert "Topic 0" in shelves(library)[name]


def test_what_is_restored_goes_with_its_subject_under_another_name(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    deleted = organiser.delete("alice", ids(three[:1]))
    organiser.rename_subject("alice", "Biology", "Botany")
    undone = organiser.undo("alice", deleted.undo_id)
    assert (undone.did, undone.left) == ([Part(Did.RESTORED, "Topic 0", "Botany", str(three[0].id))], [])


def test_a_move_is_undone_by_where_things_are_now_however_they_came_there(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    first = organiser.move("alice", ids(three[:1]), "Physics")
    for subject in ("Chemistry", "Physics"):
        organise(library, "alice", three[0].id, subject)
    assert what(organiser.undo("alice", first.undo_id).did) == {"Topic 0": Did.MOVED, "Physics": Did.SUBJECT_REMOVED}
    assert "Topic 0" in shelves(library)["Biology"]


def test_what_was_deleted_for_good_is_said_to_be_gone(
    database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    changes = [
        organiser.move("alice", ids(three), "Physics"),
        organiser.rename("alice", three[0].id, "Leaves"),
        organiser.delete("alice", ids(three)),
    ]
    with database.begin() as session:
        session.execute(text("DELETE FROM presentation_jobs"))
    for change, left in zip(changes, (3, 1, 3), strict=True):
        undone = organiser.undo("alice", change.undo_id)
        assert [part.what for part in undone.left] == [Why.GONE] * left


def test_a_title_that_was_given_since_stays(library: Library, organiser: Organiser, three: list[Presentation]) -> None:
    first = organiser.rename("alice", three[0].id, "Leaves")
    organiser.rename("alice", three[0].id, "Roots")
    undone = organiser.undo("alice", first.undo_id)
    assert (undone.did, what(undone.left)) == ([], {"Roots": Why.RENAMED})
    assert library.get("alice", three[0].id).title == "Roots"


def test_a_subject_that_was_renamed_twice_is_undone_from_the_last(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    first = organiser.rename_subject("alice", "Biology", "Botany")
    second = organiser.rename_subject("alice", "Botany", "Plants")
    undone = organiser.undo("alice", first.undo_id)
    assert (undone.did, what(undone.left)) == ([], {"Botany": Why.SUBJECT_GONE})
    assert shelves(library) == {"Unorganized": [], "Plants": ["Topic 0", "Topic 1", "Topic 2"]}
    assert organiser.undo("alice", second.undo_id).left == []
    assert shelves(library) == {"Unorganized": [], "Botany": ["Topic 0", "Topic 1", "Topic 2"]}


def test_a_subject_that_was_spelled_otherwise_or_deleted_since_stays_so(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    moved = organiser.move("alice", ids(three), "Physics")
    organiser.rename_subject("alice", "Physics", "PHYSICS")
    undone = organiser.undo("alice", moved.undo_id)
    assert (undone.count, what(undone.left)) == (3, {"PHYSICS": Why.SUBJECT_RENAMED})
    spelled = organiser.rename_subject("alice", "Physics", "physics")
    organiser.delete_subject("alice", "Physics")
    undone = organiser.undo("alice", spelled.undo_id)
    assert (undone.did, what(undone.left)) == ([], {"physics": Why.SUBJECT_GONE})
    assert list(shelves(library)) == ["Unorganized", "Biology"]


def test_two_changes_undone_at_once_end_as_one_after_the_other(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    for _ in range(5):
        changes = [organiser.move("alice", ids(three), "Physics"), organiser.delete_subject("alice", "Biology")]
        changes.append(organiser.delete("alice", ids(three)))
        with ThreadPoolExecutor() as threads:
            undone = list(threads.map(lambda change: organiser.undo("alice", change.undo_id), changes))
        assert what(undone[2].did).keys() == {"Topic 0", "Topic 1", "Topic 2"}
        were_back = not undone[0].left
        assert shelves(library)["Biology" if were_back else "Unorganized"] == ["Topic 0", "Topic 1", "Topic 2"]
        organiser.move("alice", ids(three), "Biology")


def test_a_new_subject_that_is_used_meanwhile_stays(
    library: Library, database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    finished(library, database, "alice", "Atoms", subject="physics")
    undone = organiser.undo("alice", change.undo_id)
    assert (undone.count, what(undone.left)) == (3, {"Physics": Why.SUBJECT_USED})
    assert shelves(library)["Physics"] == ["Atoms"]


def test_what_is_put_back_in_a_deleted_subject_has_its_name_again(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    organiser.delete_subject("alice", "biology")
    undone = organiser.undo("alice", change.undo_id)
    assert (undone.count, what(undone.did)["Biology"]) == (4, Did.SUBJECT_MADE)
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 0", "Topic 1", "Topic 2"]}


def test_undo_works_once_for_its_owner_and_for_ten_minutes(
    database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    old = organiser.move("alice", ids(three), "Chemistry")
    with database.begin() as session:
        session.execute(
            text("UPDATE presentation_undos SET made_at = now() - interval '11 minutes' WHERE id = :id"),
            {"id": old.undo_id},
        )
    with pytest.raises(NotFound, match="undone"):
        organiser.undo("bob", change.undo_id)
    for wrong in (str(uuid4()), "x", str(old.undo_id)):
        with pytest.raises(NotFound, match="undone"):
            organiser.undo("alice", wrong)
    organiser.undo("alice", change.undo_id)
    with pytest.raises(NotFound):
        organiser.undo("alice", change.undo_id)
