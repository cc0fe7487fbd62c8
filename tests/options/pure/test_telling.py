"""What the slide generator is told, and what of a text stands on which slide."""

from __future__ import annotations

from typing import Any

import pytest

from presentations.errors import InvalidRequest
from presentations.options import MAX_SLIDES, GenerationRequest, cuts, told


def values(**given: object) -> dict[str, Any]:
    return dict(GenerationRequest.checked(topic="Cells", **given).values)


def test_nothing_is_told_of_what_nobody_said() -> None:
    assert told(values()) is None


def test_what_a_teacher_says_of_their_class_becomes_instructions() -> None:
    asked = values(
        instructions="Use examples from the garden.",
        grade="Grade 9",
        level="B1",
        minutes=45,
        must_cover="Light reactions\nDark reactions",
        ends_with="exit_ticket",
        avoid="photosystem, thylakoid",
    )
    assert told(asked) == (
        "Use examples from the garden.\n"
        "For whom it is: Grade 9.\n"
        "It is for a lesson of 45 minutes.\n"
        "How well they know its language: B1. Choose words and sentences that they understand.\n"
        "It must cover:\nLight reactions\nDark reactions\n"
        "End with an exit ticket: a slide of two or three short tasks that show what was understood.\n"
        "Do not use these words: photosystem, thylakoid"
    )


@pytest.mark.parametrize("ending", ["questions", "exit_ticket", "homework", "summary"])
def test_each_ending_has_its_own_sentence(ending: str) -> None:
    said = told(values(ends_with=ending))
    assert said is not None
    assert said.startswith("End with ")


@pytest.mark.parametrize(
    ("text", "slides"),
    [
        ("One.", ("One.",)),
        ("One.\n\n\nTwo.\n", ("One.", "Two.")),
        ("Water\nIt rises.\n\nRain\nIt falls.", ("# Water\nIt rises.", "# Rain\nIt falls.")),
        ("Water\n\nIt rises.\n---\nRain", ("# Water\n\nIt rises.", "Rain")),
        ("---\nOne\n -----\n\n---\nTwo\n---", ("One", "Two")),
        ("# Water\n- sun", ("# Water\n- sun",)),
        ("- sun\n- sea", ("- sun\n- sea",)),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ("| a | b |\n|---|---|\n| 1 | 2 |",)),
        (f"{'x' * 81}\nmore", (f"{'x' * 81}\nmore",)),
        ("One\r\n\r\nTwo", ("One", "Two")),
        (" \n\t\n", ()),
        ("--\n\nTwo", ("--", "Two")),
    ],
)
def test_a_text_is_cut_into_slides(text: str, slides: tuple[str, ...]) -> None:
    assert cuts(text) == slides


def test_a_text_whose_wording_is_kept_says_how_many_slides_there_are() -> None:
    asked = GenerationRequest.checked(text="Water\n\nRain\n\nSea", keep_wording=True, n_slides=9)
    assert (asked.topic, asked.n_slides, asked.slides) == ("Water", 3, ("Water", "Rain", "Sea"))
    assert asked.content == "Water"
    assert asked.instructions == "Keep the wording of each slide exactly as it is given; add nothing to it."


def test_a_wording_that_is_kept_is_told_nothing_that_would_change_it() -> None:
    wanted = {"level": "B1", "must_cover": "Dark reactions", "ends_with": "homework", "avoid": "thylakoid"}
    asked = GenerationRequest.checked(text="Water\n\nRain", keep_wording=True, minutes=45, **wanted)
    assert asked.instructions == (
        "It is for a lesson of 45 minutes.\nKeep the wording of each slide exactly as it is given; add nothing to it."
    )


def test_a_text_to_write_from_goes_below_the_topic() -> None:
    asked = GenerationRequest.checked(topic="Rain", text="It falls.", n_slides=3)
    assert (asked.content, asked.slides) == ("Rain\n\nIt falls.", None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "topic"),
        ({"text": " "}, "topic"),
        ({"topic": "A", "keep_wording": True}, "keep_wording"),
        ({"topic": "A", "text": "A", "keep_wording": True, "outline_first": True}, "outline_first"),
        ({"topic": "A", "text": "A\n\n" * (MAX_SLIDES + 1), "keep_wording": True}, "text"),
        ({"topic": "A", "n_slides": 2, "table_of_contents": True}, "table_of_contents"),
        ({"topic": "A", "text": "A\n\nB", "keep_wording": True, "table_of_contents": True}, "table_of_contents"),
        ({"topic": "A", "text": "x" * 50_001}, "text"),
        ({"topic": "A", "minutes": 4}, "minutes"),
    ],
)
def test_what_does_not_go_together_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        GenerationRequest.checked(**given)
    assert refused.value.field == field
