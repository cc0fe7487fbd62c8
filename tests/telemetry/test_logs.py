"""What visitors send reaches no terminal through the log of the web as it is served."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.support.hostile import FORGED, HOSTILE, is_harmless
from tests.support.waiting import eventually

HEAD = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
PATH = quote(HOSTILE.encode("utf-8", "replace")).encode()


def test_what_visitors_send_is_logged_without_effect(start_web: Callable[..., str], tmp_path: Path) -> None:
    address = urlsplit(start_web(LOG_LEVEL="debug"))

    def send(request: bytes) -> None:
        with socket.create_connection((address.hostname, address.port), timeout=60) as line:
            line.sendall(request)
            while line.recv(4096):
                pass

    send(b"GET /" + PATH + HEAD + b"\r\n")
    send(b"POST /sign-in/" + PATH + HEAD + b"Content-Length: 0\r\n\r\n")
    send(b"GET /" + PATH + HEAD + b"X-Request-ID: \x1b[2J\r\nCookie: zone=\x9b2J\r\n\r\n")
    send(b"M\x1b[2J\x9b /" + HEAD + b"\r\n")
    send(b"GET /healthz HTTP/\x1b[2J\r\n\r\n")
    send(b"POST /sign-in" + HEAD + b"Content-Length: \x1b[2J\r\nTransfer-Encoding: \x1b[2J\r\n\r\n")
    log = tmp_path / "web1.log"
    eventually(lambda: log.read_text().count("Invalid") >= 2)
    assert FORGED in log.read_text()
    assert is_harmless(log.read_bytes().decode())
