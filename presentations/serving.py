"""gunicorn's worker of threads, as Lectern needs it: nobody can hold a thread for longer than the settings say.

gunicorn's own waits without end, in a thread, for the rest of a request, and for whoever does not read its answer. Here
a request gets a thread when it has come whole; until then it waits with the connections that are silent. Only one
with a file gets it at once, and presentations/web/uploads.py decides who may go on.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker

from presentations import settings
from presentations.arrivals import Arrival, Part
from presentations.deadlines import DEADLINES, cut, hang_up

# Seconds for the other side to close first, lest it loses the end of an answer.
_LINGER = 1.0
# Seconds for an answer to more than anybody may send, the rest of which may never come.
_TOO_MUCH = 2.0
# How many connections of a process may wait for the rest of a request, and with how many bytes in all.
_CROWD = 400
_BYTES = 64 * 1024 * 1024


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

    def enqueue_req(self, conn: Any) -> None:
        """Note when a request has begun to come: here, in the one thread, for the others may be busy."""
        if getattr(conn, "arrival", None) is None:
            conn.begun = time.monotonic()
        super().enqueue_req(conn)  # type: ignore[no-untyped-call]

    def handle(self, conn: Any) -> Any:
        """Read what has come, in a thread, and answer it if it is whole; gives what becomes of the connection."""
        stays: Any = False
        try:
            more = self._receive(conn)
            if not conn.arrival.is_coming:
                stays = self._answer(conn)
            elif more:
                stays = _DEFER
            return stays
        finally:
            if stays is not _DEFER:
                # Before the connection is closed: its number may be another's at once.
                DEADLINES.clear(conn.sock)
            if not stays:
                # gunicorn waits for the other side's end in the one thread that accepts connections.
                _end(conn.sock)

    def _receive(self, conn: Any) -> bool:
        """Take what has come, without waiting. Says whether more can come."""
        if getattr(conn, "arrival", None) is None:
            conn.init()
            conn.arrival = Arrival(self.cfg, conn.client)
            _limit(conn.sock, self._settings.header_timeout)
        before = conn.arrival.part
        conn.arrival.add(conn.parser.unreader.take_buffered())
        more = False
        conn.sock.setblocking(False)
        try:
            while conn.arrival.is_coming and (data := conn.sock.recv(65536)):
                conn.arrival.add(data)
        except BlockingIOError:
            more = True
        except OSError as error:
            self.log.debug("a connection broke off: %s", error)
        if conn.arrival.part is not before:
            self._go_on(conn, before)
        return more

    def _go_on(self, conn: Any, before: Part) -> None:
        """Set the deadline for what is next."""
        if conn.arrival.part is Part.TOO_MUCH:
            _limit(conn.sock, _TOO_MUCH)
        elif before is Part.SOME_HEAD:
            _limit(conn.sock, self._settings.request_timeout)
        if conn.arrival.part is Part.HEAD and conn.arrival.expects_continue:
            with suppress(OSError):  # it has gone, or reads nothing
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _answer(self, conn: Any) -> Any:
        """By gunicorn, which reads the same bytes again. Whoever sends a file sets another deadline."""
        conn.parser.unreader.unread(bytes(conn.arrival.data))
        try:
            return super().handle(conn)  # type: ignore[no-untyped-call]
        finally:
            conn.arrival = None

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Its head has been read. Of its body all has come, or nothing is waited for, or the web waits for it."""
        req._expected_100_continue = False
        if conn.arrival.part in (Part.TOO_MUCH, Part.FILE):
            req.force_close()
        return super().handle_request(req, conn)  # type: ignore[no-untyped-call]

    def murder_pending(self) -> None:
        """Let go of those that have said nothing for a while, and of the oldest where too much waits.

        All others have a deadline.
        """
        waiting = sorted(self.pending_conns, key=lambda conn: conn.begun)
        left, held = len(waiting), sum(len(conn.arrival.data) for conn in waiting)
        for conn in waiting:
            is_silent = not conn.arrival.data and conn.timeout < time.monotonic()
            if is_silent or left > _CROWD or held > _BYTES:
                left, held = left - 1, held - len(conn.arrival.data)
                hang_up(conn.sock)  # whereupon there is something to read: its end


def _limit(connection: socket.socket, seconds: float) -> None:
    DEADLINES.set(connection, seconds, lambda: cut(connection))


def _end(connection: socket.socket) -> None:
    """Say that nothing more comes, and wait a moment for the other side to say the same."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        until = time.monotonic() + _LINGER
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(4096):
                break
    hang_up(connection)
