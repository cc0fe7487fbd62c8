"""How long it still takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from presentations.database.models import Presentation
from presentations.jobs import Outlook

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def being_made(**values: Any) -> Presentation:
    kept = {"id": uuid4(), "status": "processing", "n_slides": 10, "started_at": NOW - timedelta(seconds=200)}
    return Presentation(**(kept | values))


@pytest.mark.parametrize(
    ("usual", "values", "left"),
    [
        (None, {}, None),
        (None, {"slides_done": 0, "progress_at": NOW}, None),
        (60.0, {"status": "pending"}, None),
        (60.0, {"started_at": None}, None),
        (60.0, {}, 400),
        (60.0, {"slides_total": 8}, 280),
        (22.0, {}, 30),
        (18.0, {}, 30),
        (10.0, {}, None),
        (None, {"slides_done": 5, "progress_at": NOW}, 200),
        (60.0, {"slides_done": 5, "progress_at": NOW}, 250),
        (60.0, {"slides_done": 5, "progress_at": NOW - timedelta(seconds=50)}, 175),
        (60.0, {"slides_done": 10, "progress_at": NOW}, 30),
        (60.0, {"slides_done": 12, "progress_at": NOW - timedelta(hours=1)}, 400),
        (60.0, {"slides_done": 5, "progress_at": NOW + timedelta(seconds=5)}, 250),
        (60.0, {"started_at": NOW + timedelta(seconds=5)}, 605),
    ],
)
def test_what_is_left_is_told_from_slides_and_median(
    usual: float | None, values: dict[str, Any], left: int | None
) -> None:
    assert Outlook(usual, {}, 1).seconds_left(being_made(**values), NOW) == left


def test_one_that_takes_longer_than_usual_is_promised_nothing() -> None:
    assert Outlook(10.0, {}, 1).is_overdue(being_made(), NOW)
    assert not Outlook(60.0, {}, 1).is_overdue(being_made(), NOW)
    assert not Outlook(None, {}, 1).is_overdue(being_made(), NOW)
    stands_still = being_made(slides_done=9, started_at=NOW - timedelta(seconds=400), progress_at=NOW - timedelta(300))
    assert Outlook(20.0, {}, 1).is_overdue(stands_still, NOW)


@pytest.mark.parametrize(
    ("place", "at_work", "usual", "slides", "status", "seconds"),
    [
        (3, 2, 60.0, 5.0, "pending", 450),
        (1, 4, 60.0, 6.0, "pending", 90),
        (3, 0, 60.0, 5.0, "pending", None),
        (3, 2, None, None, "pending", None),
        (None, 2, 60.0, 5.0, "pending", None),
        (3, 2, 60.0, 5.0, "processing", None),
    ],
)
def test_when_a_waiting_one_is_begun(
    place: int | None, at_work: int, usual: float | None, slides: float | None, status: str, seconds: int | None
) -> None:
    presentation = being_made(status=status)
    places = {} if place is None else {presentation.id: place}
    assert Outlook(usual, places, at_work, slides).seconds_to_start(presentation) == seconds


@pytest.mark.parametrize(
    ("in_line", "at_work", "usual", "seconds"),
    [(0, 0, 60.0, 480), (0, 4, 60.0, 480), (3, 2, 60.0, 600 + 480), (3, 0, 60.0, None), (0, 4, None, None)],
)
def test_how_long_one_takes_that_is_asked_for_now(
    in_line: int, at_work: int, usual: float | None, seconds: int | None
) -> None:
    assert Outlook(usual, {}, at_work, 5.0, in_line).seconds_to_make(8) == seconds
