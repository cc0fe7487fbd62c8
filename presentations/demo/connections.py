"""The HTTP server below the app: connections that stay open between requests, and can be cut."""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from presentations.demo.generations import Generations
from presentations.demo.outlines import Outlines

HOST = "127.0.0.1"
_LOOK_EVERY = 0.05
log = logging.getLogger(__name__)


def cut(connection: socket.socket) -> None:
    """End a connection without another word."""
    with contextlib.suppress(OSError):  # the other side was faster
        connection.shutdown(socket.SHUT_RDWR)


def is_gone(connection: socket.socket) -> bool:
    """Whether the other side has ended it."""
    try:
        can_be_read = bool(select.select([connection], [], [], 0)[0])
        return can_be_read and not connection.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):  # it is closed, or was reset
        return True


class Server(ThreadedWSGIServer):
    """Knows its connections, so that it can close them."""

    def __init__(self, at: int | socket.socket, app: Flask, generations: Generations, outlines: Outlines) -> None:
        """`at`: a port, or a socket that listens, which is closed."""
        # werkzeug ends the process when a port is taken, unless it is given a socket.
        with socket.create_server((HOST, at), backlog=256) if isinstance(at, int) else at as listening:
            port = listening.getsockname()[1]
            super().__init__(HOST, port, app, Handler, fd=listening.fileno())
        self._generations = generations
        self._outlines = outlines
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()

    def serve_forever(self, poll_interval: float = _LOOK_EVERY) -> None:
        super().serve_forever(poll_interval)

    def service_actions(self) -> None:
        """Called every `_LOOK_EVERY` seconds: a deck is finished even if nobody asks for it."""
        self._generations.settle()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        self.shutdown()
        self._generations.close()
        with self._lock:
            for connection in self._connections:
                cut(connection)
        self._outlines.close()


class Handler(WSGIRequestHandler):
    """Keeps connections open between requests, which werkzeug's own does not."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        self.environ = self.make_environ()
        body, status, headers = run_wsgi_app(self.server.app, self.environ)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers.items():
            self.send_header(name, value)
        # As nginx does it where nobody knows the length: so a stream that was cut is told from one that has ended.
        is_chunked = headers.get("Content-Type", "").startswith("text/event-stream") and "Content-Length" not in headers
        if is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in body:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
            if is_chunked:
                self.wfile.write(b"0\r\n\r\n")
        finally:
            if hasattr(body, "close"):
                body.close()

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (werkzeug's name)
        log.debug(message, *args)
