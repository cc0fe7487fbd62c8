"""The form: asking for a presentation, editing one that failed, and what cannot be asked for."""

from __future__ import annotations

import re
from html import unescape

import pytest

from presentations.database.models import (
    PENDING,
)
from tests.support.signing import hidden
from tests.web.desk import Desk


def test_asking_makes_a_presentation_and_says_so_once(desk: Desk) -> None:
    response = desk.ask(topic="Volcanoes", n_slides="7", tone="casual", instructions="Grade 6")
    assert (response.status_code, response.location) == (303, "/")
    (row,) = desk.rows()
    assert (row.user_id, row.topic, row.n_slides, row.status) == ("teacher", "Volcanoes", 7, PENDING)
    assert (row.tone, row.instructions, row.language) == ("casual", "Grade 6", None)
    assert "It will be made: “\u2068Volcanoes\u2069”." in desk.page()
    assert "will be made" not in desk.page()


def test_the_kind_of_file_is_asked_for_and_remembered(desk: Desk) -> None:
    select = re.search(r'<select id="export_as".*?</select>', desk.page("/new"), re.DOTALL)
    assert select
    assert re.findall(r'<option value="(\w*)" ?>([^<]*)<', select[0]) == [
        ("", "As it comes"),
        ("pptx", "PowerPoint"),
        ("pdf", "PDF"),
    ]
    desk.ask(export_as="pdf")
    assert [row.export_as for row in desk.rows()] == ["pdf"]
    assert '<option value="pdf" selected>' in desk.page("/new")
    again = desk.page(f"/new?like={desk.rows()[0].id}")
    assert 'type="hidden" name="export_as"' not in again
    assert '<option value="pdf" selected>' in again


def test_a_field_that_shows_nothing_was_left_empty(desk: Desk) -> None:
    assert desk.ask(language="\u200b", instructions="\u2800\n", subject="\u3164").status_code == 303
    [row] = desk.rows()
    assert (row.language, row.instructions, row.subject) == (None, None, "default")


def test_form_that_is_sent_twice_asks_once(desk: Desk) -> None:
    key = hidden(desk.page("/new"), "idempotency_key")
    desk.ask(idempotency_key=key)
    desk.ask(idempotency_key=key)
    assert len(desk.rows()) == 1


def test_form_that_is_gone_back_to_and_changed_asks_again(desk: Desk) -> None:
    key = hidden(desk.page("/new"), "idempotency_key")
    desk.ask(idempotency_key=key)
    desk.ask(idempotency_key=key, topic="Earthquakes")
    assert {row.topic for row in desk.rows()} == {"Volcanoes", "Earthquakes"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("topic", "  ", "Please write something here."),
        ("topic", "\u3164\u2800\u200b", "Expected some text, got only characters that show nothing."),
        ("n_slides", "\u0665", "Expected a whole number from 1 to 50, got"),
        ("subject", "\u2800x\x00", "Holds a character that cannot be stored, U+0000: leave it out."),
        ("topic", "x" * 501, "Expected at most 500 characters, got 501."),
        ("n_slides", "51", "Expected a whole number from 1 to 50, got 51."),
        ("n_slides", "many", "Expected a whole number from 1 to 50, got"),
        ("n_slides", "9" * 5000, "Expected a whole number from 1 to 50, got"),
        ("tone", "rude", "Expected one of default, casual"),
        ("language", "x" * 61, "Expected at most 60 characters"),
        ("instructions", "a\x00b", "Holds a character that cannot be stored, U+0000: leave it out."),
    ],
)
def test_bad_input_is_explained_beside_its_field_and_kept(desk: Desk, field: str, value: str, said: str) -> None:
    typed = {"topic": "Volcanoes & <lava>", "n_slides": "7", "language": "Deutsch", "instructions": "\nFirst: why?"}
    response = desk.ask(**typed | {field: value})
    page = unescape(response.text)
    assert response.status_code == 422
    assert re.search(rf'id="{field}-problem" dir="auto">{re.escape(said)}', page)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="{field}-problem"', page)
    for kept in (typed | {field: value}).values():
        assert kept in page or kept == "rude"
    assert desk.rows() == []


def test_line_break_at_the_start_of_instructions_survives(desk: Desk) -> None:
    page = desk.ask(topic="", instructions="\nFirst").text
    assert ">\n\nFirst</textarea>" in page


def test_make_another_like_this_fills_the_form_in(desk: Desk) -> None:
    desk.ask(topic="Volcanoes", n_slides="7", tone="funny", instructions="Grade 6", subject="Geography")
    page = desk.page(f"/new?like={desk.rows()[0].id}")
    for value in ('value="Volcanoes"', 'value="7"', '"funny" selected', "Grade 6</textarea>", 'value="Geography"'):
        assert value in page


def test_form_remembers_what_was_chosen_last(desk: Desk) -> None:
    desk.ask(topic="Volcanoes", n_slides="7", tone="funny", instructions="Grade 6", language="Deutsch")
    desk.page()
    page = desk.page("/new")
    for value in ('value="7"', '"funny" selected', 'value="Deutsch"'):
        assert value in page
    assert "Volcanoes" not in page
    assert "Grade 6</textarea>" not in page


def test_failed_one_is_edited_and_tried_again(desk: Desk) -> None:
    failed = desk.failed("Too big")
    page = desk.page(f"/presentations/{failed.id}/edit")
    assert 'value="Too big"' in page
    sent = {"topic": "Smaller", "n_slides": "3", "subject": "Art"}
    assert "Expected a whole number" in desk.send(f"/presentations/{failed.id}/edit", **sent | {"n_slides": "x"}).text
    assert desk.send(f"/presentations/{failed.id}/edit", **sent).location == "/"
    (row,) = desk.rows()
    assert (row.topic, row.n_slides, row.subject, row.status) == ("Smaller", 3, "art", PENDING)


def test_finished_one_has_nothing_to_edit(desk: Desk) -> None:
    done = desk.finished("Done")
    assert desk.client.get(f"/presentations/{done.id}/edit").location == f"/presentations/{done.id}"


def test_very_long_topic_does_not_overflow_the_session_cookie(desk: Desk) -> None:
    response = desk.ask(topic="\U0001f30b" * 500)
    assert response.status_code == 303
    assert len(response.headers["Set-Cookie"]) < 4000
