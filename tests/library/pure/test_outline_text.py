"""Slides of outlines between Markdown and what people edit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentations.library import read_points, read_slide, write_points, write_slide


@pytest.mark.parametrize(
    ("markdown", "title", "points"),
    [
        ("# Light\n\n- Red\n* Blue\n+ Green", "Light", ["Red", "Blue", "Green"]),
        ("### Light  \nRed is slow.\r\nBlue is fast.", "Light", ["Red is slow.", "Blue is fast."]),
        ("\n\nLight\n\n- Red", "Light", ["Red"]),
        ("- Red\n- Blue", "", ["Red", "Blue"]),
        ("#Light", "#Light", []),
        ("", "", []),
        ("# Light\n- Red\n  - dark\n  - pale\n- Blue", "Light", ["Red\n  - dark\n  - pale", "Blue"]),
        ("# Light\n\n- Red\n\n| a | b |\n|---|---|\n\n- Blue", "Light", ["Red", "| a | b |\n|---|---|", "Blue"]),
        ("# Light\n\n1. Red\n2. Blue", "Light", ["1. Red\n2. Blue"]),
        ("# Code\n\n```py\nx = 1\n\n- 2\n```\n\nEnd", "Code", ["```py\nx = 1\n\n- 2\n```", "End"]),
        ("```\n\n", "", ["```"]),
        ("# Light\n- **Red:** slow", "Light", ["**Red:** slow"]),
    ],
)
def test_a_slide_is_a_title_and_points_and_the_same_again(markdown: str, title: str, points: list[str]) -> None:
    assert read_slide(markdown) == (title, points)
    assert read_slide(write_slide(title, points)) == (title, points)
    assert read_points(write_points(points)) == points


def test_what_a_teacher_types_becomes_a_heading_and_a_list() -> None:
    assert write_slide(" Light\nand dark ", read_points("Red\n- Blue\n\n  - pale")) == (
        "# Light and dark\n\n- Red\n- Blue\n\n  - pale"
    )


_LINES = st.sampled_from(
    [
        "# ",
        "## x",
        "- ",
        "- a",
        "* b",
        "  - c",
        "1. d",
        "| e | f |",
        "|---|",
        "> g",
        "```",
        "~~~~",
        "",
        "h i",
        "<b>j</b>",
    ]
)
_MARKDOWN = st.one_of(st.text(), st.lists(st.one_of(_LINES, st.text(max_size=8))).map("\n".join))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@given(_MARKDOWN)
def test_no_word_is_lost_by_reading_and_writing_and_what_is_read_stays(markdown: str) -> None:
    title, points = read_slide(markdown)
    again = write_slide(title, points)
    assert _words(again) == _words(markdown)
    assert read_slide(again) == (title, points)


@given(st.text(), _MARKDOWN)
def test_no_word_that_a_teacher_types_is_lost(title: str, text: str) -> None:
    points = read_points(text)
    assert _words(write_slide(title, points)) == [*_words(title), *_words(text)]
    assert read_points(write_points(points)) == points
