"""When a task is looked at again."""

from __future__ import annotations

import pytest

from presentations.presenton.pace import Usual, length, pause


@pytest.mark.parametrize(
    ("age", "left", "seconds"),
    [
        (0, None, 0.5),  # young
        (3, None, 1),
        (20, None, 2),  # nobody knows how long it takes
        (60, None, 4),
        (1200, None, 5),
        (0, 600, 0.5),  # young, and far from its end
        (6, 600, 2),
        (300, 300, 5),  # in the middle of a long one
        (594, 6, 2),
        (599, 1, 0.5),  # close to its end
        (600, 0, 0.5),
        (603, -3, 1),  # it takes longer than was expected
        (1200, -600, 5),
    ],
)
def test_often_when_young_or_close_to_the_end_and_rarely_in_between(
    age: float, left: float | None, seconds: float
) -> None:
    assert pause(2, age, left) == pytest.approx(seconds)


@pytest.mark.parametrize("left", [None, -30, 0, 30, 600])
@pytest.mark.parametrize("age", [0, 1, 30, 600, 3600])
def test_never_later_than_five_seconds_unless_the_interval_says_so(age: float, left: float | None) -> None:
    assert 0.5 <= pause(2, age, left) <= 5
    assert 0.05 / 4 <= pause(0.05, age, left) <= 5
    assert 15 <= pause(60, age, left) <= 60


def test_a_generation_of_half_a_minute_takes_few_looks() -> None:
    at, looks = 0.0, 0
    while at < 30:
        at, looks = at + pause(2, at, 30 - at), looks + 1
    assert looks <= 20
    assert at <= 30.5


def test_a_task_has_its_own_pace_once_it_has_slides() -> None:
    assert length(60, 3, 12) == 240
    assert length(60, 0, 12) is None
    assert length(60, None, None) is None


def test_what_is_usual_is_what_the_newest_took() -> None:
    usual = Usual()
    assert usual.length(10) is None
    for seconds in (20, 30, 4000):
        usual.note(seconds, 10)
    assert usual.length(5) == 15
    for _ in range(20):
        usual.note(100, 10)
    assert usual.length(5) == 50
