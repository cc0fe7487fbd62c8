"""What is away just now, said once: twenty threads that all miss the same server log one line, not twenty."""

from __future__ import annotations

import logging
import threading
import time

from redis.exceptions import ResponseError

log = logging.getLogger(__name__)


# A server that comes and goes is not worth a line each time.
_QUIET_SECONDS = 30.0


class Outages:
    """Remembers which servers are away, for all threads of a process."""

    def __init__(self) -> None:
        self._away: set[str] = set()
        self._said: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, server: str, problem: object) -> None:
        """`server` did not answer, or not as it should."""
        with self._lock:
            if server in self._away or time.monotonic() < self._said.get(server, float("-inf")) + _QUIET_SECONDS:
                return
            self._away.add(server)
            self._said[server] = time.monotonic()
        words = " ".join(str(problem).split())
        if isinstance(problem, ResponseError):
            log.warning("%s answers with an error (%s); trying again", server, words)
        else:
            log.warning("%s is away (%s); waiting for it", server, words)

    def over(self, server: str) -> None:
        """`server` answered."""
        if server not in self._away:
            return
        with self._lock:
            if server not in self._away:
                return
            self._away.discard(server)
        log.warning("%s is back", server)
