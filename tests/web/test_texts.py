"""Texts that cannot be taken: the same words in a form, by the API and from a tool; nothing is cut unsaid."""

from __future__ import annotations

import pytest

from presentations.accounts import SCOPES, Tokens
from presentations.errors import InvalidRequest
from tests.support.processes import ROOT
from tests.support.programs import Program
from tests.web.desk import Desk


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("\u200b\u3164", "expected some text, got only characters that show nothing"),
        ("a\x00b", "holds a character that cannot be stored, U+0000: leave it out"),
    ],
)
def test_form_api_and_library_say_the_same(desk: Desk, topic: str, said: str) -> None:
    assert f">{said[0].upper()}{said[1:]}.<" in desk.ask(topic=topic).text
    program = Program(desk.client.application, Tokens(desk.database).make("teacher", "test", SCOPES)[1])
    refused = program("POST", "/presentations", {"topic": topic})
    assert (refused.status_code, said in refused.text) == (422, True)
    with pytest.raises(InvalidRequest) as error:
        desk.library.create("teacher", topic)
    assert error.value.problem == said
    assert desk.rows() == []


def test_no_field_cuts_what_is_pasted() -> None:
    assert [page.name for page in ROOT.glob("templates/**/*.html") if "maxlength" in page.read_text()] == []


def test_too_many_words_to_look_for_are_said(desk: Desk) -> None:
    answer = desk.client.get(f"/search?q={'x' * 501}")
    assert (answer.status_code, "expected at most 500 characters, got 501" in answer.text) == (400, True)
    assert desk.client.get("/search?q=%E2%80%8B").status_code == 200
