"""A working day with Presenton 0.5.15 to 0.7.3."""

from __future__ import annotations

from collections.abc import Callable

from tests.presenton.checks import key_refused, names_templates, outlined, shows_templates
from tests.presenton.day import Family

FAMILY = Family(
    "0.5.15 to 0.7.3",
    "0.7",
    left_out={
        key_refused: "It asks nobody for a key.",
        names_templates: "It lists no templates.",
        outlined: "It is not known to give out its outlines.",
        shows_templates: "It lists no templates.",
    },
)


def test_a_working_day(play: Callable[[Family, str], None]) -> None:
    play(FAMILY, "auto")
