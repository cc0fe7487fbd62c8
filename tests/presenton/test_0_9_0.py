"""A working day with Presenton 0.9.0."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.presenton.checks import outlined
from tests.presenton.day import Family

FAMILY = Family(
    "0.9.0",
    "0.9.0",
    password="presenton",
    left_out={outlined: "It is not known to give out its outlines."},
)


@pytest.mark.parametrize("mode", ["auto", "async"])
def test_a_working_day(play: Callable[[Family, str], None], mode: str) -> None:
    play(FAMILY, mode)
