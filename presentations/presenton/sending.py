"""Requests to Presenton, and what it means when no answer comes: whether it may have been taken all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
)

from presentations.presenton.answers import Answer
from presentations.presenton.calls import name_of
from presentations.presenton.errors import BadAnswer, Down, FileGone, FileWithheld, Unanswered, Unreachable
from presentations.presenton.transport import File, Line, Streamed, read
from presentations.telemetry.metrics import PRESENTON_CALLS, PRESENTON_FAILURES

_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, ProxyError, SSLError)
# A time-out says nothing about the server; a refused or broken connection does.
_DOWN = (NewConnectionError, ProtocolError)


class Sender:
    """Sends requests over one line. `connect` and `usual` are time-outs in seconds: to connect, and for an answer."""

    def __init__(self, line: Line, connect: float, usual: float) -> None:
        self._line = line
        self._connect = connect
        self._usual = usual

    def get(self, path: str) -> Answer:
        """Raises Unreachable."""
        return self._repeatable("GET", path)

    def delete(self, path: str) -> Answer:
        """Raises Unreachable."""
        return self._repeatable("DELETE", path)

    def post(self, path: str, body: Any, seconds: float | None = None) -> Answer:
        """Ask for what is not to be done twice, as JSON. Raises Unreachable when it was not taken, else Unanswered."""
        try:
            # A connection of its own: on one kept alive, a server that hangs up looks as if it had lost the request.
            return self._send("POST", path, seconds, body, anew=True)
        except _NEVER_SENT as error:
            raise _unreachable(error) from None
        except HTTPError as error:
            raise Unanswered(_short(error)) from None

    def post_pieces(self, path: str, body: Streamed, seconds: float) -> Answer:
        """Ask for what may be done twice, with a body that can be sent once. Raises Unreachable."""
        try:
            return self._send("POST", path, seconds, body, anew=True)
        except HTTPError as error:
            raise _unreachable(error) from None

    @contextmanager
    def opened(self, path: str, seconds: float | None = None) -> Iterator[BaseHTTPResponse]:
        """An answer that is still to be read, as a whole within the `with`. Raises Unreachable, there as well."""
        try:
            with self._sent("GET", path, seconds, anew=True) as response:
                yield response
        except HTTPError as error:
            raise _unreachable(error) from None

    def file(self, path: str) -> File:
        """A file that Presenton serves, by its path. Raises FileGone, FileWithheld, Passing, Refused."""
        try:
            response = self._line.opened(path, (self._connect, self._usual))
        except HTTPError as error:
            raise Unreachable(_short(error)) from None
        if response.status != 200:
            response.close()
            if response.status == 403:  # the file of another account in Presenton
                raise FileWithheld("Presenton answers 403 for the file")
            if response.status in (404, 410):
                raise FileGone(f"Presenton answers {response.status} for the file")
            Answer(response.status, b"").raise_for_status()
            raise BadAnswer(f"it answers {response.status} for the file")
        return File(response)

    def _repeatable(self, method: str, path: str) -> Answer:
        for is_last in (False, True):
            try:
                # The server may just have closed a connection that was kept alive. Asking once more is safe; not on
                # another one that was kept, for it may have closed them all.
                return self._send(method, path, anew=is_last)
            except HTTPError as error:
                if is_last or not isinstance(error, _DOWN):
                    raise _unreachable(error) from None
        raise AssertionError

    def _send(self, method: str, path: str, seconds: float | None = None, body: Any = None, *, anew: bool) -> Answer:
        with self._sent(method, path, seconds, body, anew=anew) as response:
            return Answer(response.status, read(response, seconds or self._usual))

    @contextmanager
    def _sent(
        self, method: str, path: str, seconds: float | None = None, body: Any = None, *, anew: bool
    ) -> Iterator[BaseHTTPResponse]:
        call, timeout = name_of(method, path), (self._connect, seconds or self._usual)
        with (
            PRESENTON_CALLS.labels(call).time(),
            PRESENTON_FAILURES.labels(call).count_exceptions(HTTPError),
            self._line.sent(method, path, timeout, body, anew=anew) as response,
        ):
            if response.status >= 500:
                PRESENTON_FAILURES.labels(call).inc()
            yield response


def _unreachable(error: HTTPError) -> Unreachable:
    return Down(_short(error)) if isinstance(error, _DOWN) else Unreachable(_short(error))


def _short(error: HTTPError) -> str:
    return str(error)[:300]
