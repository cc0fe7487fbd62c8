"""One POST to a stranger's server: to a checked address only, within a time and a size that we choose."""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, IncompleteRead
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from presentations.errors import AddressRefused
from presentations.webhooks.addresses import Target, addresses_of

T = TypeVar("T")

SECONDS = 10.0
# Of an answer, with its headers, in bytes: so much is read, and so much of its text is kept.
READ = 64 * 1024
KEPT = 2 * 1024

_MOST_ADDRESSES = 4
_TOO_LATE = "There was no complete answer in time."


@dataclass(frozen=True)
class Reply:
    """What came back. `text` is its beginning; `retry_after` the header, as it was sent."""

    status: int
    text: str
    retry_after: str | None


class NoAnswer(Exception):
    """Nothing usable came back; the message says why, in words of ours."""


def post(
    target: Target, body: bytes, headers: dict[str, str], *, allow_private: bool, seconds: float = SECONDS
) -> Reply:
    """Send `body` and give the answer, whatever its status: redirects are not followed.

    Proxies and passwords of the environment are not used. Looking up the name, connecting, sending and reading take at
    most `seconds` in all. Raises NoAnswer, also for addresses that are not allowed.
    """
    call = _Call(target, body, headers, allow_private, time.monotonic() + seconds)
    try:
        return within(seconds, call.make)
    except TimeoutError:
        raise NoAnswer(_TOO_LATE) from None
    finally:
        call.hang_up()


def within(seconds: float, action: Callable[[], T]) -> T:
    """What `action` gives or raises. Raises TimeoutError after `seconds`, and leaves it to end by itself."""
    results: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            results.put((action(), None))
        except Exception as error:  # raised again below, in the thread that waits
            results.put((None, error))

    # Nothing else bounds a look-up in the DNS, or a server that sends one byte each second.
    threading.Thread(target=run, name="within", daemon=True).start()
    try:
        result, error = results.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error:
        raise error
    return result  # type: ignore[return-value]  # T may itself be None


class _Call:
    """One exchange, made in one thread and ended by another when it takes too long."""

    def __init__(self, target: Target, body: bytes, headers: dict[str, str], allow_private: bool, deadline: float):
        self._target = target
        self._body = body
        self._headers = headers
        self._allow_private = allow_private
        self._deadline = deadline
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._is_over = False

    def make(self) -> Reply:
        """Raises NoAnswer."""
        try:
            with self._connect() as line, self._encrypted(line) as channel:
                return self._exchange(channel)
        except AddressRefused as error:
            raise NoAnswer(str(error)) from None
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(_sentence(error)) from None

    def hang_up(self) -> None:
        """End it from outside: whoever still reads or writes gets an error."""
        with self._lock:
            self._is_over = True
            if self._line:
                with suppress(OSError):
                    self._line.shutdown(socket.SHUT_RDWR)
                self._line.close()

    def _connect(self) -> socket.socket:
        # The name is looked up once, here: what was checked is what is connected to.
        addresses = addresses_of(self._target, allow_private=self._allow_private)[:_MOST_ADDRESSES]
        for number, address in enumerate(addresses, start=1):
            try:
                line = _connected(address, self._target.port, self._left())
            except OSError:
                if number == len(addresses):
                    raise
            else:
                return self._keep(line)
        raise AddressRefused

    def _keep(self, line: socket.socket) -> socket.socket:
        with self._lock:
            if self._is_over:
                line.close()
                raise TimeoutError
            self._line = line.dup()
        return line

    def _encrypted(self, line: socket.socket) -> socket.socket:
        if self._target.scheme == "http":
            return line
        context = ssl.create_default_context()
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        return context.wrap_socket(line, server_hostname=self._target.host)

    def _exchange(self, channel: socket.socket) -> Reply:
        channel.settimeout(self._left())
        connection = HTTPConnection(self._target.host, self._target.port)
        connection.default_port = 443 if self._target.scheme == "https" else 80
        connection.sock = _Narrow(channel)
        connection.request("POST", self._target.path, self._body, self._headers)
        response = connection.getresponse()
        try:
            text = response.read(READ)
        except IncompleteRead as cut:
            text = cut.partial
        kept = text[:KEPT].decode(errors="replace").replace("\x00", "\ufffd")
        return Reply(response.status, kept, response.getheader("Retry-After"))

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Narrow:
    """A connection, as http.client wants it, of which no more than READ bytes are read."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def sendall(self, data: bytes) -> None:
        self._channel.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Ear(self._channel))

    def close(self) -> None:
        """Closed by whoever opened it."""


class _Ear(io.RawIOBase):
    """Hears READ bytes; then it is as if the other side had ended."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._left = READ

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: self._left]
        count = self._channel.recv_into(view) if view else 0
        self._left -= count
        return count


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to an IP address. Nothing here could take that for a name and look it up again."""
    line = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        line.settimeout(seconds)
        line.connect((address, port))
    except BaseException:
        line.close()
        raise
    return line


def _sentence(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "No encrypted connection could be made."
    if isinstance(error, TimeoutError):
        return _TOO_LATE
    if isinstance(error, ConnectionRefusedError):
        return "It refused the connection."
    if isinstance(error, HTTPException | ValueError):
        return "What it answered is not HTTP."
    return "The connection failed or was lost."
