"""Undo: once, for its owner, for ten minutes, and only of what is still as it was left."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.errors import NotFound
from presentations.library import Library, Organiser
from tests.library.shelves import ids, shelves
from tests.support.presentations import delete, finished, organise, restore


def test_undoing_a_deletion_leaves_what_was_restored_and_deleted_again(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.delete("alice", ids(three))
    restore(library, three[0].id)
    restore(library, three[1].id)
    delete(library, "alice", three[1].id)
    assert organiser.undo("alice", change.undo_id) == 1
    assert shelves(library)["Biology"] == ["Topic 0", "Topic 2"]


def test_only_what_is_still_as_it_was_left_is_put_back(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    organise(library, "alice", three[0].id, "Chemistry")
    assert organiser.undo("alice", change.undo_id) == 2
    assert shelves(library) == {"Unorganized": [], "Biology": ["Topic 1", "Topic 2"], "Chemistry": ["Topic 0"]}


def test_a_new_subject_that_is_used_meanwhile_stays(
    library: Library, database: Database, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    finished(library, database, "alice", "Atoms", subject="physics")
    assert organiser.undo("alice", change.undo_id) == 3
    assert shelves(library)["Physics"] == ["Atoms"]


def test_what_is_put_back_in_a_deleted_subject_has_its_name_again(
    library: Library, organiser: Organiser, three: list[Presentation]
) -> None:
    change = organiser.move("alice", ids(three), "Physics")
    organiser.delete_subject("alice", "biology")
    assert organiser.undo("alice", change.undo_id) == 3
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
