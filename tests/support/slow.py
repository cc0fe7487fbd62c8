"""Those who take their time: a Presenton whose files hardly come, and visitors who hardly read."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import requests

from presentations.accounts import SCOPES, Tokens
from presentations.database import Database
from presentations.library import Library
from tests.support.presentations import finished, write

# More than all buffers on its way hold.
LARGE = 32 * 1024 * 1024
PART = b"\x00" * 65536


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        try:
            getattr(self, self.path.removeprefix("/app_data/").removesuffix(".pptx"))()
        except OSError:  # nobody waits for it any longer
            self.close_connection = True

    def small(self) -> None:
        self._begin(3)
        self.wfile.write(b"abc")

    def large(self) -> None:
        self._begin(LARGE)
        for _ in range(LARGE // len(PART)):
            self.wfile.write(PART)

    def strange(self) -> None:
        """Its length is a digit, to some."""
        self._begin("²")
        self.wfile.write(b"abc")
        self.close_connection = True

    def broken(self) -> None:
        self._begin(3)
        self.wfile.write(b"a")
        self.close_connection = True

    def drip(self) -> None:
        self._begin(LARGE)
        self._drip()

    def drip_chunks(self) -> None:
        """The size of the first chunk never ends."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._drip()

    def drip_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self._drip()

    def _begin(self, length: object) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _drip(self) -> None:
        while not self.server.is_over.wait(0.2):
            self.wfile.write(b"0")

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    is_over = threading.Event()


@contextmanager
def slow_presenton() -> Iterator[str]:
    """Its address. It has /app_data/*.pptx with the names above."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.is_over = threading.Event()
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.is_over.set()
        server.shutdown()


class Teacher:
    """A teacher with a token, and files."""

    def __init__(self, user_id: str, library: Library, database: Database) -> None:
        self.id, self._library, self._database = user_id, library, database
        self.secret = Tokens(database).make(user_id, "files", SCOPES)[1]

    def path(self, kind: str) -> str:
        one = finished(self._library, self._database, self.id, kind)
        write(self._database, one, presenton_path=f"/app_data/{kind}.pptx")
        return f"/api/presentations/{one.id}/file"

    def get(self, web: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return requests.get(web + path, headers=headers, timeout=30)


def say(web: str, words: str) -> socket.socket:
    """A connection to the web that says this and then waits, without reading."""
    parts = urlsplit(web)
    visitor = socket.socket()
    visitor.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    visitor.settimeout(60)
    visitor.connect((str(parts.hostname), parts.port or 80))
    visitor.sendall(words.encode())
    return visitor


def request(path: str, secret: str = "", more: str = "") -> str:
    """A whole request, as it is said."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n{more}\r\n"
