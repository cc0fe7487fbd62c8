"""A working day with Presenton 0.8."""

from __future__ import annotations

from collections.abc import Callable

from tests.presenton.day import Family

FAMILY = Family("0.8", "0.8.9", password="presenton")


def test_a_working_day(play: Callable[[Family, str], None]) -> None:
    play(FAMILY, "auto")
