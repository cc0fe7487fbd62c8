"""What is to be over at a moment, and is cut if it is not.

A time-out of a socket starts anew with every byte: who sends or reads one now and then could hold a thread for ever.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_LOOK_EVERY = 0.5
log = logging.getLogger(__name__)


class Deadlines:
    """What is to be over at a moment, and how it is cut if it is not. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: dict[object, tuple[float, Callable[[], None]]] = {}
        self._watch: threading.Thread | None = None

    def set(self, what: object, seconds: float, cut: Callable[[], None]) -> None:
        """Call `cut` so many seconds from now, whatever was said before; no sooner, and about half a second later.

        It is called in a thread of its own and must not wait.
        """
        with self._lock:
            self._pending[what] = (time.monotonic() + seconds, cut)
            if self._watch is None:  # not earlier: a thread does not survive the fork of its process
                self._watch = threading.Thread(target=self._keep, name="deadlines", daemon=True)
                self._watch.start()

    def clear(self, what: object) -> None:
        """It is over. Has to be called before a connection is closed: its number may be another's at once."""
        with self._lock:
            self._pending.pop(what, None)

    @contextmanager
    def within(self, what: object, seconds: float, cut: Callable[[], None]) -> Iterator[None]:
        """Cut it if this takes longer."""
        self.set(what, seconds, cut)
        try:
            yield
        finally:
            self.clear(what)

    def _keep(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY)
            with self._lock:
                now = time.monotonic()
                for what in [what for what, (moment, _) in self._pending.items() if moment < now]:
                    _, cut = self._pending.pop(what)
                    try:
                        cut()
                    except Exception:
                        log.exception("could not cut %r", what)


def cut(connection: socket.socket) -> None:
    """Whoever waits for it in another thread wakes up, as if the other side had gone."""
    with suppress(OSError):  # the other side was faster
        log.info("cut a connection with %s that took too long", connection.getpeername())
    hang_up(connection)


def hang_up(connection: socket.socket) -> None:
    """The same, where nobody needs to know."""
    with suppress(OSError):
        # Not SSLSocket's own, which would take the connection's TLS from under who uses it.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


DEADLINES = Deadlines()
