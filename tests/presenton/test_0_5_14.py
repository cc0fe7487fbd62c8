"""A working day with Presenton 0.5.14 and older: they are asked in one long call each."""

from __future__ import annotations

from collections.abc import Callable

from tests.presenton.checks import key_refused, names_templates, outlined, shows_templates
from tests.presenton.day import Family

FAMILY = Family(
    "up to 0.5.14",
    "0.5",
    tells_causes=False,
    left_out={
        key_refused: "It asks nobody for a key.",
        names_templates: "It lists no templates.",
        outlined: "It is not known to give out its outlines.",
        shows_templates: "It lists no templates.",
    },
)


def test_a_working_day(play: Callable[[Family, str], None]) -> None:
    play(FAMILY, "auto")
