"""A working day with Presenton 0.9.3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.presenton.day import Family

FAMILY = Family("0.9.3", "0.9.3", key="sk-presenton-1")


@pytest.mark.parametrize("mode", ["auto", "async"])
def test_a_working_day(play: Callable[[Family, str], None], mode: str) -> None:
    play(FAMILY, mode)
