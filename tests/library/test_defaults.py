"""What each new one under a subject begins with, and what becomes of it when subjects change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from presentations.errors import InvalidRequest
from presentations.library import (
    DEFAULTED,
    Defaults,
    Did,
    Library,
    Organiser,
    Why,
    ask_many,
    check_many,
    keep_templates,
)
from presentations.presenton import Template
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


def test_what_is_not_said_is_as_is_usual_for_the_subject(library: Library, defaults: Defaults) -> None:
    requested = library.request("alice", "Cells", subject=" BIOLOGY", language="Deutsch", grade=None)
    made = requested.presentation
    assert (made.n_slides, made.language, made.grade, made.title_slide) == (8, "Deutsch", None, False)
    assert requested.applied == {"n_slides": 8, "title_slide": False}
    assert requested.said == {"applied_defaults": requested.applied}
    assert library.create("alice", "Cells", 5, subject="Biology").n_slides == 5


@pytest.mark.parametrize(
    ("user", "subject"), [("alice", None), ("alice", "Unorganized"), ("alice", "Art"), ("bob", "Biology")]
)
def test_it_is_usual_for_nothing_else(library: Library, defaults: Defaults, user: str, subject: str | None) -> None:
    requested = library.request(user, "Cells", subject=subject)
    assert (requested.presentation.n_slides, requested.presentation.grade, requested.said) == (5, None, {})


def test_a_template_that_is_no_longer_offered_is_left_out_and_said(library: Library, defaults: Defaults) -> None:
    defaults.keep("alice", "Biology", {"template": "modern", "outline_first": True, "grade": "Grade 9"})
    keep_templates(library.database, [Template("general", "General")], has_outlines=True)
    requested = library.request("alice", "Cells", subject="Biology")
    assert requested.applied == {"grade": "Grade 9", "outline_first": True}
    assert requested.presentation.template is None
    assert list(requested.left_out) == ["template"]
    assert "general" in requested.left_out["template"]
    assert requested.said["left_out_defaults"] == requested.left_out
    with pytest.raises(InvalidRequest, match="template"):
        library.request("alice", "Cells", subject="Biology", template="modern")


@pytest.mark.parametrize(
    ("usual", "given", "applied", "left_out"),
    [
        ({"table_of_contents": True, "grade": "Grade 9"}, {"n_slides": 2}, {"grade": "Grade 9"}, ["table_of_contents"]),
        ({"n_slides": 2, "grade": "Grade 9"}, {"table_of_contents": True}, {"grade": "Grade 9"}, ["n_slides"]),
        ({"outline_first": True}, {"text": "One\n---\nTwo", "keep_wording": True}, {}, ["outline_first"]),
        ({"n_slides": 8}, {"text": "One\n---\nTwo", "keep_wording": True}, {}, []),
    ],
)
def test_what_does_not_go_with_what_is_asked_for_gives_way(
    library: Library,
    defaults: Defaults,
    usual: dict[str, Any],
    given: dict[str, Any],
    applied: dict[str, Any],
    left_out: list[str],
) -> None:
    defaults.keep("alice", "Biology", usual)
    requested = library.request("alice", "Cells", subject="Biology", **given)
    assert (requested.applied, list(requested.left_out)) == (applied, left_out)


def test_the_same_key_gives_the_first_and_says_what_that_has(library: Library, defaults: Defaults) -> None:
    asked: dict[str, Any] = {"topic": "Cells", "subject": "Biology", "idempotency_key": "k1"}
    first = library.request("alice", **asked)
    defaults.keep("alice", "Biology", USUAL | {"grade": "Grade 5", "template": "modern"})
    keep_templates(library.database, [Template("general", "General")])
    again = library.request("alice", **asked)
    assert (again.presentation.id, again.presentation.grade) == (first.presentation.id, "Grade 9")
    assert again.applied == {name: value for name, value in USUAL.items() if name != "grade"}
    assert again.left_out == {}
    assert len(library.list("alice").items) == 1


def test_what_is_wrong_is_said_of_what_was_given(library: Library, defaults: Defaults) -> None:
    with pytest.raises(InvalidRequest) as error:
        library.request("alice", "Cells", 99, subject="Biology")
    assert error.value.field == "n_slides"
    assert library.list("alice").items == []


def test_many_have_those_of_their_subjects_and_are_found_again(library: Library, defaults: Defaults) -> None:
    items = [{"topic": "Cells", "subject": "Biology", "tone": "casual"}, {"topic": "Rome", "subject": "History"}]
    checked = [one.applied for one in check_many(library, "alice", items).items if not isinstance(one, InvalidRequest)]
    assert checked == [USUAL, {}]
    first = ask_many(library, "alice", items, "k1")
    assert [one.grade for one in first if not isinstance(one, InvalidRequest)] == ["Grade 9", None]
    defaults.keep("alice", "Biology", {"grade": "Grade 5"})
    ask_many(library, "alice", items, "k1")
    assert len(library.list("alice").items) == 2
