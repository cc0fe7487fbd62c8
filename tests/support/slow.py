"""Those who take their time: visitors who hardly read, or hardly say anything."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import requests

from presentations.accounts import SCOPES, Tokens
from presentations.library import Library
from tests.support.keeper import Keeper
from tests.support.presentations import finished

# More bytes than all buffers on its way hold.
LARGE = 32 * 1024 * 1024


class Teacher:
    """A teacher with a token, and files."""

    def __init__(self, user_id: str, library: Library, keeper: Keeper) -> None:
        self.id, self._library, self._keeper = user_id, library, keeper
        self.secret = Tokens(keeper.database).make(user_id, "files", SCOPES)[1]

    def path(self, content: bytes) -> str:
        """Where a file with this content is downloaded."""
        one = finished(self._library, self._keeper.database, self.id, "Cells")
        self._keeper.keep_file(one.id, content)
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
