"""gunicorn's worker of threads, as Lectern needs it: nobody can hold a thread for longer than the settings say.

gunicorn's own waits without end for the rest of a request, and for whoever does not read its answer.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from presentations import settings
from presentations.deadlines import DEADLINES, cut

# Seconds for the other side to close first, lest it loses the end of an answer.
_LINGER = 1.0


class Worker(ThreadWorker):
    """A process of the web."""

    def init_process(self) -> None:
        self._settings = settings.load()
        super().init_process()  # type: ignore[no-untyped-call]

    def load_wsgi(self) -> None:
        """The web, which has read the path that it stands under, and itself says what is not below."""
        super().load_wsgi()  # type: ignore[no-untyped-call]
        # gunicorn would cut it off in the midst of a name, and answer 500 for all else.
        os.environ.pop("SCRIPT_NAME", None)

    def handle(self, conn: TConn) -> Any:
        """A request, in a thread, from its first byte on; gives what becomes of the connection."""
        # gunicorn has a thread wait for the first byte.
        if not conn.initialized and not conn.wait_for_data(0):  # type: ignore[no-untyped-call]
            return _DEFER
        connection = conn.sock
        with DEADLINES.within(connection, self._settings.header_timeout, lambda: cut(connection)):
            stays = super().handle(conn)  # type: ignore[no-untyped-call]
            if not stays:
                # gunicorn waits for the other side's end in the one thread that accepts connections.
                _end(connection)
            return stays

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Its head has come. Whoever sends a file sets another deadline."""
        connection = conn.sock
        DEADLINES.set(connection, self._settings.request_timeout, lambda: cut(connection))
        return super().handle_request(req, conn)  # type: ignore[no-untyped-call]


def _end(connection: socket.socket) -> None:
    """Say that nothing more comes, and wait a moment for the other side to say the same."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        until = time.monotonic() + _LINGER
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(4096):
                break
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
