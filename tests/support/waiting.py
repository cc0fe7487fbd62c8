"""Tests wait for conditions, never for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


# Three times what the slowest of them needs on a machine that does nothing else; what comes sooner costs no time.
PATIENCE = 90.0


def eventually(look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What `look` gives as soon as that is true; fails when it is not within `seconds`.

    Looking takes time from what is waited for, which runs on the same cores: the longer it takes, the rarer are looks.
    But never rarer than an impatient Lectern looks at Presenton, lest what passes is missed.
    """
    begun = time.monotonic()
    while True:
        seen = look()
        if seen:
            return seen
        waited = time.monotonic() - begun
        if waited > seconds:
            raise AssertionError(f"not within {seconds} seconds: last seen {seen!r}")
        time.sleep(min(0.01 + waited / 10, 0.05))
