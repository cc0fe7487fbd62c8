"""Connections to Presenton that nobody can hold for ever.

A time-out of requests starts anew with every byte: each part of an answer has an end of its own here.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from presentations.deadlines import DEADLINES, cut
from presentations.presenton.errors import Unreachable

_MAX_ANSWER = 20 * 1024 * 1024
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


def _adapter(most_kept: int = 1) -> HTTPAdapter:
    return _Adapter(pool_connections=1, pool_maxsize=most_kept)


class Line:
    """The line to one server: its address, our credentials, and the proxies and certificates of the environment.

    What requests would work out for each request is worked out once, which is most of what a short call costs. Any
    number of threads may use it.
    """

    def __init__(self, base: str, auth: AuthBase) -> None:
        self._base = base
        self._auth = auth
        self._kept = _adapter(_MOST_KEPT)

    @contextmanager
    def sent(
        self, method: str, path: str, timeout: tuple[float, float], body: Any = None, *, anew: bool
    ) -> Iterator[requests.Response]:
        """The answer, of which only the head has been read. Raises requests.RequestException.

        `anew` takes a connection that nobody has used, and closes it.
        """
        adapter = _adapter() if anew else self._kept
        try:
            with adapter.send(self._request(method, path, body), timeout=timeout, **self._how) as response:
                yield response
        finally:
            if anew:
                adapter.close()

    def opened(self, path: str, timeout: tuple[float, float]) -> requests.Response:
        """The same for a file, as it is, over a connection that is closed with the answer."""
        request = self._request("GET", path)
        request.headers["Accept-Encoding"] = "identity"
        return _adapter().send(request, timeout=timeout, **self._how)

    def _request(self, method: str, path: str, body: Any = None) -> requests.PreparedRequest:
        request = self._model.copy()
        request.method = method
        request.url = f"{self._model.url}".removesuffix("/") + path
        if body is not None:
            request.prepare_body(None, None, body)
        return request

    @cached_property
    def _model(self) -> requests.PreparedRequest:
        with requests.Session() as usual:
            return usual.prepare_request(requests.Request("GET", self._base, auth=self._auth))

    @cached_property
    def _how(self) -> dict[str, Any]:
        with requests.Session() as usual:
            return dict(usual.merge_environment_settings(self._base, {}, stream=True, verify=None, cert=None))


def read(response: requests.Response, seconds: float) -> bytes:
    """The whole body, within `seconds`. Raises requests.RequestException."""
    deadline = time.monotonic() + seconds
    body = bytearray()  # bytes would be copied whole for each piece
    try:
        with DEADLINES.within(response, seconds + _LATER, lambda: _cut(response.raw)):
            while chunk := response.raw.read1(_PART, decode_content=True):
                body += chunk
                if len(body) > _MAX_ANSWER:
                    raise requests.RequestException("its answer is larger than 20 MB")
                if time.monotonic() > deadline:
                    raise requests.Timeout(f"its answer took longer than {seconds:g} seconds")
    except HTTPError as error:
        raise requests.ConnectionError(error) from None
    return bytes(body)


class File:
    """An exported file on its way."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self._raw: BaseHTTPResponse = response.raw

    @property
    def length(self) -> int | None:
        """In bytes, as it will be read; None when nobody knows."""
        said = self._response.headers.get("Content-Length", "")
        is_known = _LENGTH.fullmatch(said) and "Content-Encoding" not in self._response.headers
        return int(said) if is_known else None

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises Unreachable when they end too early."""
        try:
            while chunk := self._raw.read1(_PART, decode_content=True):
                yield chunk
        except (HTTPError, OSError) as error:
            raise Unreachable(f"the file broke off: {error}") from None

    def cut(self) -> None:
        """Have `chunks` end at once, from another thread."""
        _cut(self._raw)

    def close(self) -> None:
        self._response.close()


def _cut(raw: BaseHTTPResponse) -> None:
    with suppress(OSError, RuntimeError, ValueError):  # it has been read by now
        raw.shutdown()
