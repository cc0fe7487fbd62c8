"""How often what was asked for, so that a test can say "asked once"."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from presentations.demo.outline import UNSEEN


class Counts:
    """By what is asked for as people read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._accepted: Counter[str] = Counter()
        self.most_at_once = 0

    def note_request(self, kind: str, content: str | None) -> None:
        """A request came in, for this content if it is a generate call. What becomes of it does not matter."""
        with self._lock:
            self._requests[kind] += 1
            if content is not None:
                self._asked[content.rstrip(UNSEEN)] += 1

    def note_generation(self, content: str, at_work: int) -> None:
        """A generation was begun, one of so many that are at work now."""
        with self._lock:
            self._accepted[content.rstrip(UNSEEN)] += 1
            self.most_at_once = max(self.most_at_once, at_work)

    def asked_of(self, content: str) -> int:
        with self._lock:
            return self._asked[content]

    def accepted_of(self, content: str) -> int:
        with self._lock:
            return self._accepted[content]

    def as_json(self) -> dict[str, Any]:
        with self._lock:
            return {
                "requests": dict(self._requests),
                "asked": dict(self._asked),
                "accepted": dict(self._accepted),
                "most_at_once": self.most_at_once,
            }
