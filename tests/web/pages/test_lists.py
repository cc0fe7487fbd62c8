"""Many at once: the list, the table it becomes, and asking for all of it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import text

from presentations.library import Defaults
from tests.support.signing import hidden
from tests.web.desk import Desk, shown

TOPICS = "Topic\tSlides\tSubject\nPhotosynthesis\t8\tBiology\nRome\t\tHistory\nVolcanoes"
TABLE = {
    "topic-1": "Photosynthesis",
    "slides-1": "8",
    "subject-1": "Biology",
    "topic-2": "Rome",
    "topic-3": "Volcanoes",
}


def typed(page: str) -> dict[str, str]:
    """What stands in the table."""
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+-\d+)" value="([^"]*)"', page)}


def test_a_list_becomes_a_table_and_nothing_is_asked_for(desk: Desk) -> None:
    page = desk.send("/new/list", topics=TOPICS, grade="Grade 9").text
    assert {name: value for name, value in typed(page).items() if value} == TABLE | {"subject-2": "History"}
    assert "3 topics." in shown(page)
    assert 'value="Grade 9"' in page
    assert desk.rows() == []


def test_all_are_asked_for_together_and_filed(desk: Desk) -> None:
    answer = desk.send("/new/list/ask", **TABLE, subject="Week 3", grade="Grade 9", n_slides="6")
    assert (answer.status_code, answer.location) == (303, "/")
    assert {(row.topic, row.n_slides, row.subject, row.grade) for row in desk.rows()} == {
        ("Photosynthesis", 8, "biology", "Grade 9"),
        ("Rome", 6, "week 3", "Grade 9"),
        ("Volcanoes", 6, "week 3", "Grade 9"),
    }
    assert "3 are asked for." in desk.page()


def test_what_is_sent_twice_is_asked_for_once(desk: Desk) -> None:
    key = hidden(desk.send("/new/list", topics=TOPICS).text, "idempotency_key")
    for _ in range(2):
        assert desk.send("/new/list/ask", **TABLE, idempotency_key=key).status_code == 303
    assert len(desk.rows()) == 3


def test_what_is_usual_for_each_rows_subject_is_said_and_asked_for(desk: Desk) -> None:
    defaults = Defaults(desk.database)
    defaults.keep("teacher", "Biology", {"grade": "Grade 9", "n_slides": 12, "tone": "casual"})
    defaults.keep("teacher", "History", {"n_slides": 7})
    sent = TABLE | {"subject-2": "history", "tone": "funny"}
    page = shown(desk.send("/new/list", **sent).text)
    assert "As usual for Biology: \u2068Grade 9\u2069" in page
    assert "As usual for history: Slides: 7" in page
    desk.send("/new/list/ask", **sent)
    assert {(row.topic, row.n_slides, row.grade, row.tone) for row in desk.rows()} == {
        ("Photosynthesis", 8, "Grade 9", "funny"),
        ("Rome", 7, None, "funny"),
        ("Volcanoes", 5, None, "funny"),
    }


def test_what_does_not_fit_is_said_before_and_stays_in_the_table(desk: Desk) -> None:
    with desk.database.begin() as session:
        session.execute(text("UPDATE presentation_controls SET max_waiting = 2"))
    page = shown(desk.send("/new/list", topics=TOPICS).text)
    assert "3 topics; 2 can be asked for now. Take 1 out, or ask for the first 2: the others stay here." in page
    twins = {"topic-1": "Rome", "topic-2": "Athens", "topic-3": "Rome"}
    left = desk.send("/new/list/ask", **twins, grade="Grade 9")
    assert left.status_code == 200
    assert {name: value for name, value in typed(left.text).items() if value} == {"topic-1": "Rome"}
    assert "2 are asked for." in left.text
    assert "1 topic; none can be asked for now: as many wait as may." in shown(left.text)
    assert 'value="Grade 9"' in left.text
    with desk.database.begin() as session:
        session.execute(text("UPDATE presentation_controls SET max_waiting = 3"))
    key = hidden(left.text, "idempotency_key")
    assert desk.send("/new/list/ask", **{"topic-1": "Rome"}, grade="Grade 9", idempotency_key=key).status_code == 303
    assert sorted(row.topic for row in desk.rows()) == ["Athens", "Rome", "Rome"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slides-2": "many"}, "Expected a whole number from 1 to 50, got"),
        ({"topic-2": "x" * 501}, "Expected at most 500 characters, got 501."),
        ({"topic-2": "a\x00b"}, "Holds a character that cannot be stored, U+0000: leave it out."),
        ({"subject-2": "x" * 81}, "Expected at most 80 characters, got 81."),
        ({"grade": "x" * 61}, "Expected at most 60 characters, got 61."),
        ({"n_slides": "99"}, "Expected a whole number from 1 to 50, got 99."),
        ({"slides-2": "2", "table_of_contents": "Yes"}, "Slide with contents: it needs at least 3 slides, got 2"),
        ({"outline_first": "maybe"}, "Expected true or false"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_asked_for_or_lost(desk: Desk, wrong: dict[str, str], said: str) -> None:
    answer = desk.send("/new/list/ask", **TABLE | wrong)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert 'aria-invalid="true"' in answer.text
    kept = {name: value for name, value in typed(answer.text).items() if value}
    assert kept == TABLE | {name: value for name, value in wrong.items() if "-" in name}
    assert ("1 of them has to be put right" in answer.text) == any("-" in name for name in wrong)
    assert desk.rows() == []


def test_rows_are_taken_out(desk: Desk) -> None:
    page = desk.send("/new/list", **TABLE, without="2").text
    assert [value for name, value in typed(page).items() if name.startswith("topic")] == ["Photosynthesis", "Volcanoes"]
    emptied = TABLE | {"topic-1": " "}
    assert "Without a topic it is left out." in desk.send("/new/list", **emptied).text
    desk.send("/new/list/ask", **emptied)
    assert {row.topic for row in desk.rows()} == {"Rome", "Volcanoes"}


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        (" \n\u200b\n", "Please write something here: a topic on each line."),
        ("Topic\tSlides", "Expected a topic on a line below the names of the columns, got none."),
        ("Rome\n" * 51, "Expected at most 50 topics at once, got 51: take some out, and ask for those later."),
        ("Rome\n" * 10_000, "Expected at most 50 topics at once, got 10,000"),
        ("x" * 50_001, "Expected at most 50,000 characters, got 50,001"),
    ],
)
def test_a_list_that_is_none_or_too_long_is_kept_and_explained(desk: Desk, topics: str, said: str) -> None:
    answer = desk.send("/new/list", topics=topics, grade="Grade 9")
    assert answer.status_code == 422
    assert said in answer.text
    assert topics.strip() in unescape(answer.text)
    assert 'value="Grade 9"' in answer.text


def test_hostile_text_is_just_text(desk: Desk) -> None:
    hostile = '=HYPERLINK("http://x","y")\t<b>8</b>\t"><script>alert(1)</script>\n\x1b[31mred\x07\n\u202eevil'
    page = desk.send("/new/list", topics=hostile).text
    assert "<script>alert" not in page
    assert typed(page)["topic-1"] == '=HYPERLINK("http://x","y")'
    assert typed(page)["slides-1"] == "<b>8</b>"


def test_an_empty_table_asks_for_nothing(desk: Desk) -> None:
    answer = desk.send("/new/list/ask")
    assert answer.status_code == 422
    assert desk.rows() == []
