"""A working day with Presenton 0.9.3 with the change of its pull request 837."""

from __future__ import annotations

from collections.abc import Callable

from tests.presenton.day import Family

FAMILY = Family("0.9.3 with #837", "0.9.3+837", key="sk-presenton-1")


def test_a_working_day(play: Callable[[Family, str], None]) -> None:
    play(FAMILY, "auto")
