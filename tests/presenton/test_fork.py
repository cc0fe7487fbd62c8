"""A working day with a fork of July 2026."""

from __future__ import annotations

from collections.abc import Callable

from tests.presenton.day import Family

FAMILY = Family("fork", "fork", key="sk-presenton-1")


def test_a_working_day(play: Callable[[Family, str], None]) -> None:
    play(FAMILY, "auto")
