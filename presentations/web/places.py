"""How many may do something that takes long: so many at once, and so many of these one person."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Protocol

from presentations.errors import LecternError


class _Refusal(Protocol):
    def __call__(self, most: int, *, is_persons: bool) -> LecternError: ...


class Places:
    """`most` places in this process, of which `per_person` are for one person. `refusal` is raised at one too many."""

    def __init__(self, most: int, per_person: int, refusal: _Refusal) -> None:
        self._most, self._per_person, self._refusal = most, per_person, refusal
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, person: str) -> None:
        """One of them, until `leave`. Raises the refusal."""
        with self._lock:
            if self._taken[person] >= self._per_person:
                raise self._refusal(self._per_person, is_persons=True)
            if self._taken.total() >= self._most:
                raise self._refusal(self._most, is_persons=False)
            self._taken[person] += 1

    def leave(self, person: str) -> None:
        """Let others have it."""
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]
