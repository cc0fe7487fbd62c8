"""Words and times as a teacher reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from presentations.database.models import (
    PROCESSING,
    Presentation,
)
from presentations.errors import InvalidRequest
from presentations.jobs import Outlook
from presentations.web import times, wording


@pytest.mark.parametrize(
    ("message", "done", "said"),
    [
        (None, None, "Getting started"),
        ("Generating presentation outlines", None, "Planning the slides"),
        ("Selecting layout for each slide", None, "Choosing layouts"),
        ("Generating slides", None, "Writing the slides"),
        ("Generating slides", 0, "Writing slide 1 of 8"),
        ("Generating slides", 8, "Writing slide 8 of 8"),
        ("Fetching assets for slides", 8, "Finding pictures"),
        ("Starting over", None, "\u2068Starting over\u2069"),
        ("Something new", None, "\u2068Something new\u2069"),
    ],
)
def test_presentons_messages_become_a_teachers_words(message: str | None, done: int | None, said: str) -> None:
    row = Presentation(status=PROCESSING, message=message, slides_done=done, slides_total=None, n_slides=8)
    assert wording.doing(row, Outlook(None, {}, 0)) == said


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-3, "just now"), (0.9, "just now"), (1, "1 min ago"), (119, "119 min ago"), (121, "2 h ago")],
)
def test_ages_are_as_exact_as_they_matter(minutes: float, said: str) -> None:
    assert times.ago(NOON - timedelta(minutes=minutes), NOON) == said


def test_days_are_as_short_as_they_are_clear() -> None:
    assert times.day(NOON, NOON).startswith("today, ")
    assert times.day(NOON - timedelta(days=1), NOON) == "yesterday"
    assert times.day(NOON - timedelta(days=20), NOON) == "3 Nov"
    assert times.day(NOON - timedelta(days=400), NOON) == "19 Oct 2025"


def test_complaints_are_sentences() -> None:
    assert wording.complaint(InvalidRequest("topic", "expected text, got int")) == "Expected text, got int."


def test_what_was_asked_for_is_said_in_the_words_of_the_form() -> None:
    row = Presentation(topic="Cells", ends_with="exit_ticket", tone="default", title_slide=False)
    said = [("Topic", "Cells"), ("Tone", "default"), ("Ends with", "Exit ticket"), ("Title slide", "No")]
    assert wording.asked_for(row) == said


def test_a_teacher_hears_whether_an_outline_comes_first() -> None:
    row = Presentation(topic="Cells", outline_first=True)
    assert wording.will_be(row).startswith("An outline will be proposed: “\u2068Cells\u2069”.")
    row.outline_first = None
    assert wording.will_be(row).startswith("It will be made: ")
