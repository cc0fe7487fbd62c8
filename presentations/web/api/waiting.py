"""Answers that wait until something has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import UUID

from presentations.database.models import PENDING, PROCESSING, Presentation
from presentations.library import Library

_LOOK_EVERY = 0.25


class Waits:
    """So many requests of this process may wait at once; others are answered without a wait."""

    def __init__(self, slots: int) -> None:
        self._slots = threading.Semaphore(slots)

    def until_changed(
        self, library: Library, user_id: str, presentation_id: UUID, seconds: float, check: Callable[[], None]
    ) -> Presentation:
        """A presentation as soon as its status is another than now, or its outline waits, or after `seconds`.

        `check` is called before every later look: what it raises ends the wait. Raises NotFound.
        """
        first = library.get(user_id, presentation_id)
        if seconds <= 0 or not self._slots.acquire(blocking=False):
            return first
        try:
            return _watch(library, user_id, first, time.monotonic() + seconds, check)
        finally:
            self._slots.release()


def _watch(
    library: Library, user_id: str, first: Presentation, deadline: float, check: Callable[[], None]
) -> Presentation:
    now = first
    # No connection is held between two looks.
    while now.status == first.status and now.status in (PENDING, PROCESSING) and not now.awaits_teacher:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(_LOOK_EVERY, left))
        check()
        now = library.get(user_id, first.id)
    return now
