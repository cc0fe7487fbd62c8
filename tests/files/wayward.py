"""What stands before a real S3 server and answers as it likes, such as a proxy, or an S3 server that is ill."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
import trustme

PART = 65536


class Wayward:
    """At `endpoint`. It passes everything on until `ways` says for a method what is to be done instead."""

    def __init__(self, target: str, certificate: trustme.LeafCert | None) -> None:
        self.target = target
        self.ways: dict[str, Callable[[Exchange], None]] = {}
        self.asked: list[str] = []
        self.ends = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
        self._server.wayward = self  # type: ignore[attr-defined]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.endpoint = f"http{'s' if certificate else ''}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        self.ends.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Exchange(BaseHTTPRequestHandler):
    """One request, and its answer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    @property
    def wayward(self) -> Wayward:
        found: Wayward = self.server.wayward  # type: ignore[attr-defined]
        return found

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def _any(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.wayward.asked.append(f"{self.command} {self.path}")
        self.wayward.ways.get(self.command, pass_on)(self)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _any

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def real_answer(self) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
        given = requests.request(
            self.command, f"{self.wayward.target}{self.path}", headers=headers, data=self.body, timeout=30
        )
        kept = {name: value for name, value in given.headers.items() if name.lower() not in ("connection", "date")}
        return given.status_code, kept, given.content

    def log_message(self, *_: object) -> None:
        pass


def pass_on(exchange: Exchange) -> None:
    exchange.answer(*exchange.real_answer())


def hang(exchange: Exchange) -> None:
    exchange.wayward.ends.wait(60)
    exchange.close_connection = True


def hang_midway(exchange: Exchange) -> None:
    status, headers, body = exchange.real_answer()
    exchange.answer(status, headers, body[: len(body) // 2])
    exchange.wfile.flush()
    hang(exchange)


def break_off(exchange: Exchange) -> None:
    status, headers, body = exchange.real_answer()
    exchange.answer(status, headers, body[: len(body) // 2])
    exchange.close_connection = True


def other_bytes(exchange: Exchange) -> None:
    status, headers, body = exchange.real_answer()
    exchange.answer(status, headers, body[:-1] + bytes([body[-1] ^ 1]))


def fewer_bytes(exchange: Exchange) -> None:
    status, headers, body = exchange.real_answer()
    exchange.answer(status, headers | {"Content-Length": str(len(body) - 1)}, body[:-1])


def says(status: int, body: str, **headers: str) -> Callable[[Exchange], None]:
    """Always the same answer."""

    def way(exchange: Exchange) -> None:
        sent = body.replace("{headers}", str(exchange.headers)).encode()
        exchange.answer(status, {"Content-Length": str(len(sent)), **headers}, sent)

    return way


@contextmanager
def wayward(target: str, certificate: trustme.LeafCert | None = None) -> Iterator[Wayward]:
    """One in front of the server at `target`; by https with such a certificate."""
    one = Wayward(target, certificate)
    try:
        yield one
    finally:
        one.stop()
