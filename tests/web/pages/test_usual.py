"""What is usual for a subject: said on its page, and filled into the form."""

from __future__ import annotations

import re

import pytest

from presentations.library import Defaults, keep_templates
from presentations.presenton import Template
from tests.web.desk import Desk, shown

SHELF = "/shelf?subject=Biology"


@pytest.fixture
def usual(desk: Desk) -> Defaults:
    found = Defaults(desk.database)
    found.keep("teacher", "Biology", {"n_slides": 8, "language": "Deutsch", "grade": "Grade 9", "title_slide": False})
    return found


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', page)
    assert found
    return found[1]


def test_it_is_said_on_the_subjects_page(desk: Desk) -> None:
    Defaults(desk.database).keep("teacher", "Biology", {"grade": "Grade 8"})
    assert value_of(desk.page(SHELF), "grade") == "Grade 8"
    answer = desk.send("/subjects/defaults", name="Biology", n_slides="8", language="Deutsch", title_slide="No")
    assert (answer.status_code, answer.location) == (303, SHELF)
    assert Defaults(desk.database).of("teacher") == {
        "biology": {"n_slides": 8, "language": "Deutsch", "title_slide": False}
    }
    page = desk.page(SHELF)
    assert "Each new one under \u2068Biology\u2069 begins with that now." in page
    assert [value_of(page, name) for name in ("n_slides", "language", "grade")] == ["8", "Deutsch", ""]
    assert 'id="usual-of"' not in desk.page("/shelf")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(desk: Desk, usual: Defaults) -> None:
    answer = desk.send("/subjects/defaults", name="Biology", n_slides="99", language="Polski")
    assert answer.status_code == 422
    assert "Expected a whole number from 1 to 50, got 99." in answer.text
    assert [value_of(answer.text, name) for name in ("n_slides", "language")] == ["99", "Polski"]
    assert usual.of("teacher")["biology"]["n_slides"] == 8


def test_the_form_begins_with_it_and_says_so(desk: Desk, usual: Defaults) -> None:
    desk.ask(language="English")
    page = desk.page("/new?subject=biology")
    assert [value_of(page, name) for name in ("n_slides", "language", "grade")] == ["8", "Deutsch", "Grade 9"]
    assert "As usual for biology:" in shown(page)
    plain = desk.page("/new?subject=biology&without=")
    assert [value_of(plain, name) for name in ("n_slides", "language", "grade")] == ["5", "English", ""]
    assert "As usual for" not in shown(plain)


def test_what_cannot_be_had_any_more_is_not_filled_in_but_stays_kept(desk: Desk, usual: Defaults) -> None:
    usual.keep("teacher", "Biology", {"template": "modern", "grade": "Grade 9"})
    keep_templates(desk.database, [Template("general", "General")])
    told = desk.client.get("/subjects/defaults?subject=Biology").json
    said = "\u2068Grade 9\u2069 · not to be had now: Template"
    assert told == {"fields": {"grade": "Grade 9"}, "said": said}
    assert said in shown(desk.page("/new?subject=Biology"))
    assert usual.of("teacher")["biology"]["template"] == "modern"
    table = {"topic-1": "Cells", "subject-1": "Biology"}
    assert said in shown(desk.send("/new/list", **table).text)
    assert desk.send("/new/list/ask", **table).status_code == 303
    assert [(row.grade, row.template) for row in desk.rows()] == [("Grade 9", None)]


def test_the_number_of_slides_that_was_emptied_is_not_taken_for_usual(desk: Desk, usual: Defaults) -> None:
    answer = desk.send("/presentations", topic="Cells", subject="Biology", n_slides="")
    assert answer.status_code == 422
    assert "Expected a whole number from 1 to 50, got nothing." in answer.text


def test_the_forms_script_is_told(desk: Desk, usual: Defaults) -> None:
    told = desk.client.get("/subjects/defaults?subject=BIOLOGY").json
    assert told == {
        "fields": {"n_slides": "8", "language": "Deutsch", "grade": "Grade 9", "title_slide": "No"},
        "said": "Slides: 8 · \u2068Deutsch\u2069 · \u2068Grade 9\u2069 · Title slide: No",
    }
    for name in ("", "Geography", "x" * 500, "a\x00b"):
        assert desk.client.get("/subjects/defaults", query_string={"subject": name}).json == {"fields": {}, "said": ""}
