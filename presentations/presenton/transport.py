"""Connections to Presenton, and to other servers that settings name, that nobody can hold for ever.

A time-out of requests starts anew with every byte: each part of an answer has an end of its own here.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.exceptions import TimeoutError as TimedOut

from presentations.deadlines import DEADLINES, cut
from presentations.presenton.errors import Unreachable

_MEGABYTE = 1024 * 1024
_MAX_ANSWER = 20 * _MEGABYTE
_PART = 64 * 1024
# Idle connections that are kept open: never more than were in use at once, and a worker has up to 1,000 threads.
_MOST_KEPT = 1100
# Seconds by which a connection is cut later than a time-out would have ended it, which says less about the server.
_LATER = 5
# http.client takes a length for 0 that it cannot read, and others that no file has.
_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)


class _Connection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with _head_in_time(self):
            return super().getresponse()


class _SecureConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with _head_in_time(self):
            return super().getresponse()


def _head_in_time(connection: HTTPConnection) -> AbstractContextManager[None]:
    """The head of an answer comes within the read time-out, as a whole."""
    plug: socket.socket = connection.sock
    return DEADLINES.within(plug, float(connection.timeout or 0) + _LATER, lambda: cut(plug))


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


@dataclass(frozen=True)
class Streamed:
    """A body that is sent in pieces; its headers say its type and its length."""

    headers: dict[str, str]
    pieces: Iterable[bytes]


class AnswerTooLarge(HTTPError):
    """An answer has more bytes than anybody wants of it."""


class Line:
    """The line to one server: its address, our credentials, and the proxies and certificates of the environment.

    What requests would work out anew for each call is worked out once, which is most of what a short one costs. Any
    number of threads may use it.
    """

    def __init__(self, base: str, auth: AuthBase) -> None:
        self._base = base
        self._auth = auth

    @contextmanager
    def sent(
        self, method: str, path: str, timeout: tuple[float, float], body: Any = None, *, anew: bool
    ) -> Iterator[BaseHTTPResponse]:
        """The answer, of which only the head has been read. Raises urllib3's HTTPError.

        `body` is Streamed, or what is sent as JSON. `anew` takes a connection that nobody has used, and closes it.
        """
        pool = self._pool(1) if anew else self._kept
        try:
            response = self._send(pool, method, path, timeout, body)
            try:
                yield response
            finally:
                response.close()  # which a connection survives whose answer was read to its end
        finally:
            if anew:
                pool.close()

    def opened(self, path: str, timeout: tuple[float, float]) -> BaseHTTPResponse:
        """The same for a file, as it is, over a connection that is closed with the answer."""
        return self._send(self._pool(1), "GET", path, timeout, headers={"Accept-Encoding": "identity"})

    def _send(
        self,
        pool: HTTPConnectionPool,
        method: str,
        path: str,
        timeout: tuple[float, float],
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> BaseHTTPResponse:
        content, sent = _framed(body)
        return pool.urlopen(
            method,
            self._start + path,
            body=sent,
            headers={**self._headers, **content, **(headers or {})},
            retries=False,
            redirect=False,
            assert_same_host=False,  # of a proxy's connections, each asks for another host
            timeout=Timeout(connect=timeout[0], read=timeout[1]),
            preload_content=False,
        )

    @cached_property
    def _kept(self) -> HTTPConnectionPool:
        return self._pool(_MOST_KEPT)

    def _pool(self, most_kept: int) -> HTTPConnectionPool:
        """Connections by the environment's proxies and certificates, of which requests knows all."""
        proxies, verify, cert = (self._environment[name] for name in ("proxies", "verify", "cert"))
        adapter = _Adapter(pool_connections=1, pool_maxsize=most_kept)
        try:
            pool = adapter.get_connection_with_tls_context(self._request, verify, proxies, cert)
            adapter.cert_verify(pool, self._request.url, verify, cert)  # type: ignore[no-untyped-call]
        except OSError as error:  # those of requests are, too: an address or a certificate that is none
            raise LocationValueError(str(error)) from None
        return pool  # type: ignore[return-value]

    @cached_property
    def _start(self) -> str:
        """What stands in front of each path: that of the server, or its whole address for a proxy."""
        return str(_Adapter().request_url(self._request, self._environment["proxies"])).removesuffix("/")

    @cached_property
    def _headers(self) -> dict[str, str]:
        return dict(self._request.headers)

    @cached_property
    def _request(self) -> requests.PreparedRequest:
        with requests.Session() as usual:
            return usual.prepare_request(requests.Request("GET", self._base, auth=self._auth))

    @cached_property
    def _environment(self) -> dict[str, Any]:
        with requests.Session() as usual:
            return dict(usual.merge_environment_settings(self._base, {}, stream=None, verify=None, cert=None))


def _framed(body: Any) -> tuple[dict[str, str], bytes | Iterable[bytes] | None]:
    """The headers of a body, and its bytes."""
    if isinstance(body, Streamed):
        return body.headers, body.pieces
    return ({}, None) if body is None else ({"Content-Type": "application/json"}, json.dumps(body).encode())


class WholeAnswers(_Adapter):
    """For a session whose answers are small: each comes whole within so many seconds of its head, or not at all."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        try:
            response.raw = BytesIO(read(response.raw, self._seconds))
        except HTTPError as error:
            raise requests.ConnectionError(error) from None
        return response


def read(response: BaseHTTPResponse, seconds: float, most: int = _MAX_ANSWER) -> bytes:
    """The whole body, within `seconds` and of at most so many bytes. Raises urllib3's HTTPError."""
    body = bytearray()  # bytes would be copied whole for each piece
    for piece in pieces(response, seconds, most):
        body += piece
    return bytes(body)


def pieces(response: BaseHTTPResponse, seconds: float, most: int) -> Generator[bytes]:
    """The same, piece by piece as they come."""
    deadline, size = time.monotonic() + seconds, 0
    with DEADLINES.within(response, seconds + _LATER, lambda: _cut(response)):
        while piece := response.read1(_PART, decode_content=True):
            size += len(piece)
            if size > most:
                raise AnswerTooLarge(f"its answer is larger than {most / _MEGABYTE:g} MB")
            if time.monotonic() > deadline:
                raise TimedOut(f"its answer took longer than {seconds:g} seconds")
            yield piece


class File:
    """An exported file on its way."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._response = response

    @property
    def length(self) -> int | None:
        """In bytes, as it will be read; None when nobody knows."""
        said = self._response.headers.get("Content-Length", "")
        is_known = _LENGTH.fullmatch(said) and "Content-Encoding" not in self._response.headers
        return int(said) if is_known else None

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises Unreachable when they end too early."""
        try:
            while chunk := self._response.read1(_PART, decode_content=True):
                yield chunk
        except (HTTPError, OSError) as error:
            raise Unreachable(f"the file broke off: {error}") from None

    def cut(self) -> None:
        """Have `chunks` end at once, from another thread."""
        _cut(self._response)

    def close(self) -> None:
        self._response.close()


def _cut(raw: BaseHTTPResponse) -> None:
    with suppress(OSError, RuntimeError, ValueError):  # it has been read by now
        raw.shutdown()
