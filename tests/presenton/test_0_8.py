"""A working day with Presenton 0.8."""

from __future__ import annotations

from collections.abc import Callable

from tests.presenton.checks import outlined, shows_templates
from tests.presenton.day import Family

FAMILY = Family(
    "0.8",
    "0.8.9",
    password="presenton",
    left_out={
        outlined: "It is not known to give out its outlines.",
        shows_templates: "Of its templates it tells the names alone.",
    },
)


def test_a_working_day(play: Callable[[Family, str], None]) -> None:
    play(FAMILY, "auto")
