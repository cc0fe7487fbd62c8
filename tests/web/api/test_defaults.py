"""What is usual for a subject, for programs that ask with it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from presentations.accounts import SCOPES, Tokens
from presentations.database import Database
from presentations.library import Defaults, Library, keep_templates
from presentations.presenton import Template
from tests.support.forms import Sender, said
from tests.support.programs import Program

USUAL = {"grade": "Grade 9", "n_slides": 8, "title_slide": False}


@pytest.fixture
def defaults(database: Database) -> Defaults:
    found = Defaults(database)
    found.keep("teacher", "Biology", USUAL)
    return found


def ask(rosa: Program, **fields: Any) -> Any:
    answer = rosa("POST", "/presentations", {"topic": "Cells", "subject": "biology", **fields})
    assert answer.status_code == 202, answer.text
    return answer.json


def test_what_is_left_out_is_as_usual_and_said(rosa: Program, library: Library, defaults: Defaults) -> None:
    asked = ask(rosa)
    assert (asked["n_slides"], asked["applied_defaults"]) == (8, USUAL)
    assert library.get("teacher", asked["job_id"]).grade == "Grade 9"
    assert "left_out_defaults" not in asked
    none = ask(rosa, grade=None, n_slides=5, title_slide=True)
    assert (none["n_slides"], library.get("teacher", none["job_id"]).grade) == (5, None)
    assert "applied_defaults" not in none
    assert ask(rosa, subject=None)["n_slides"] == 5


def test_what_cannot_be_had_is_left_out_and_said(rosa: Program, database: Database, defaults: Defaults) -> None:
    defaults.keep("teacher", "Biology", {**USUAL, "template": "modern"})
    keep_templates(database, [Template("general", "General")])
    asked = ask(rosa)
    assert asked["applied_defaults"] == USUAL
    assert asked["left_out_defaults"] == {
        "template": "expected one of the templates that Presenton has: general; got 'modern'"
    }


def test_what_is_sent_again_gets_the_first_answer(rosa: Program, library: Library, defaults: Defaults) -> None:
    sent = {"topic": "Cells", "subject": "Biology"}
    first = rosa("POST", "/presentations", sent, Idempotency_Key="k1").json
    defaults.keep("teacher", "Biology", {"grade": "Grade 5"})
    assert rosa("POST", "/presentations", sent, Idempotency_Key="k1").json == first
    assert len(library.list("teacher").items) == 1


def test_a_form_with_files_has_them_too(app: Flask, tokens: Tokens, library: Library, defaults: Defaults) -> None:
    program = Sender(app, tokens.make("teacher", "laptop", SCOPES)[1])
    asked = said(program.send("/presentations", [("cells.txt", b"Cells divide.")], subject="Biology", n_slides="3"))
    assert asked["applied_defaults"] == {"grade": "Grade 9", "title_slide": False}
    assert (asked["n_slides"], library.get("teacher", asked["job_id"]).title_slide) == (3, False)


def test_each_of_many_has_those_of_its_subject(rosa: Program, defaults: Defaults) -> None:
    items = [{"topic": "Cells", "subject": "Biology"}, {"topic": "Rome", "subject": "History"}]
    one, other = rosa("POST", "/presentations/batch", {"items": items}).json["items"]  # type: ignore[index]
    assert one["presentation"]["applied_defaults"] == USUAL
    assert "applied_defaults" not in other["presentation"]
    assert (one["presentation"]["n_slides"], other["presentation"]["n_slides"]) == (8, 5)
