"""How soon a task is looked at again: often when young or close to its end, rarely in the middle of a long one."""

from __future__ import annotations

import statistics
from collections import deque

# However long a task takes, its teacher's page is to stay alive.
_LONGEST = 5.0
# What is seen late is late by a part of what there was to wait for, and by a smaller one when nobody knew how long.
_PART_OF_WAIT = 3
_PART_OF_AGE = 15
# So many of the newest say what is usual.
_NEWEST = 20


def pause(interval: float, age: float, left: float | None = None) -> float:
    """Seconds until the next look at a task that is `age` seconds old; `interval` is POLL_INTERVAL.

    `left` is how many it still takes, as far as anybody knows; less than none when it takes longer than was expected.
    From a quarter of `interval` up to 5 seconds, or up to `interval` if that is more.
    """
    wait = (age if left is None else min(age, abs(left))) / _PART_OF_WAIT
    if left is None or left <= 0:  # it may be done at any moment
        wait = min(wait, max(interval, age / _PART_OF_AGE))
    return max(interval / 4, min(wait, max(interval, _LONGEST)))


class Usual:
    """How long a slide has usually taken, in this process."""

    def __init__(self) -> None:
        self._newest: deque[float] = deque(maxlen=_NEWEST)
        self._seconds: float | None = None

    def note(self, seconds: float, slides: int) -> None:
        """So many slides were made in so many seconds."""
        self._newest.append(seconds / slides)
        self._seconds = statistics.median(self._newest)

    def length(self, slides: int) -> float | None:
        """Seconds that so many slides should take; None when none have been seen yet."""
        return None if self._seconds is None else self._seconds * slides


def length(age: float, done: int | None, total: int | None) -> float | None:
    """Seconds that a task takes from its beginning to its end, by its own pace; None as long as it has no slides."""
    return age * total / done if done and total else None
