"""What each new one under a subject begins with, and what becomes of it when subjects change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from presentations.errors import InvalidRequest
from presentations.library import DEFAULTED, Defaults, Did, Library, Organiser, Why
from tests.library.test_undo import what
from tests.support.presentations import organise

USUAL = {"grade": "Grade 9", "language": "English", "n_slides": 8, "title_slide": False}


@pytest.fixture
def defaults(library: Library) -> Defaults:
    found = Defaults(library.database)
    found.keep("alice", "Biology", USUAL)
    return found


def test_they_are_kept_for_one_subject_of_one_teacher(defaults: Defaults) -> None:
    assert defaults.keep("alice", "  BIOLOGY ", {"grade": " Grade 8 ", "tone": None}) == "Biology"
    assert defaults.of("alice") == {"biology": {"grade": "Grade 8"}}
    assert defaults.of("bob") == {}
    defaults.keep("alice", "Biology", {})
    assert defaults.of("alice") == {}


def test_every_option_that_the_form_remembers_can_have_one() -> None:
    assert {option.name for option in DEFAULTED} == {
        *("n_slides", "language", "tone", "template", "verbosity", "grade", "level", "minutes", "ends_with"),
        *("export_as", "table_of_contents", "title_slide", "outline_first"),
    }


@pytest.mark.parametrize(
    ("field", "name", "wrong"),
    [
        ("name", "Unorganized", {}),
        ("name", " ", {}),
        ("n_slides", "Biology", {"n_slides": 0}),
        ("tone", "Biology", {"tone": "loud"}),
        ("grade", "Biology", {"grade": "x" * 61}),
        ("table_of_contents", "Biology", {"table_of_contents": True, "n_slides": 2}),
        ("topic", "Biology", {"topic": "Photosynthesis"}),
        ("colour", "Biology", {"colour": "red"}),
    ],
)
def test_what_cannot_be_asked_for_is_refused(defaults: Defaults, field: str, name: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as error:
        defaults.keep("alice", name, wrong)
    assert error.value.field == field
    assert defaults.of("alice") == {"biology": USUAL}


def test_what_is_no_option_any_more_is_passed_over(library: Library, defaults: Defaults) -> None:
    with library.database.begin() as session:
        session.execute(text("""UPDATE presentation_subjects SET defaults = defaults || '{"sparkle": 1}'"""))
    assert defaults.of("alice") == {"biology": USUAL}


def test_they_go_with_a_subject_that_is_renamed_and_back(defaults: Defaults, organiser: Organiser) -> None:
    organiser.rename_subject("alice", "Biology", "BIOLOGY")
    renamed = organiser.rename_subject("alice", "Biology", "Life")
    assert defaults.of("alice") == {"life": USUAL}
    undone = organiser.undo("alice", renamed.undo_id)
    assert what(undone.did) == {"BIOLOGY": Did.SUBJECT_MADE, "Life": Did.SUBJECT_REMOVED}
    assert defaults.of("alice") == {"biology": USUAL}


def test_two_that_become_one_have_those_of_the_one_that_stays(defaults: Defaults, organiser: Organiser) -> None:
    defaults.keep("alice", "Life", {"grade": "Grade 5"})
    merged = organiser.rename_subject("alice", "Biology", "Life")
    assert defaults.of("alice") == {"life": {"grade": "Grade 5"}}
    organiser.undo("alice", merged.undo_id)
    assert defaults.of("alice") == {"biology": USUAL, "life": {"grade": "Grade 5"}}


def test_they_go_with_a_subject_that_is_deleted_and_come_back(defaults: Defaults, organiser: Organiser) -> None:
    deleted = organiser.delete_subject("alice", "Biology")
    organiser.create_subject("alice", "Biology")
    assert defaults.of("alice") == {}
    organiser.delete_subject("alice", "Biology")
    organiser.undo("alice", deleted.undo_id)
    assert defaults.of("alice") == {"biology": USUAL}


def test_undoing_leaves_a_new_subject_of_which_more_was_said_since(
    library: Library, defaults: Defaults, organiser: Organiser
) -> None:
    one = library.create("alice", "Photosynthesis")
    moved = organiser.move("alice", [one.id], "Life")
    defaults.keep("alice", "Life", {"grade": "Grade 5"})
    assert what(organiser.undo("alice", moved.undo_id).left) == {"Life": Why.SUBJECT_USED}
    assert defaults.of("alice")["life"] == {"grade": "Grade 5"}


def test_filing_under_a_subject_keeps_them(library: Library, defaults: Defaults) -> None:
    one = library.create("alice", "Photosynthesis", subject="biology")
    organise(library, "alice", one.id, "Biology")
    assert defaults.of("alice") == {"biology": USUAL}
