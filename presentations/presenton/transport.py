"""Connections to Presenton, and to other servers that settings name, that nobody can hold for ever.

A time-out of requests starts anew with every byte: each part of an answer has an end of its own here.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from presentations.deadlines import DEADLINES, cut
from presentations.presenton.errors import Unreachable

_MAX_ANSWER = 20 * 1024 * 1024
_PART = 64 * 1024
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


def session() -> requests.Session:
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter())
    return made


class WholeAnswers(_Adapter):
    """For a session whose answers are small: each comes whole within so many seconds of its head, or not at all."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        response.raw = BytesIO(read(response, self._seconds))
        return response


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
