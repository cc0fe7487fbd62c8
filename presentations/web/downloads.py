"""Files on their way to browsers and programs: so many at once, and for so long."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from flask import Response, request

from presentations.deadlines import DEADLINES, cut
from presentations.errors import LecternError, TooManyDownloads
from presentations.web.places import Places

log = logging.getLogger(__name__)


class Source(Protocol):
    """A file, wherever it comes from. `length` is in bytes, None when nobody knows."""

    @property
    def length(self) -> int | None: ...

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises LecternError when they end too early."""

    def cut(self) -> None:
        """Have `chunks` end at once, from another thread."""

    def close(self) -> None: ...


class Downloads:
    """Each holds a thread until its last byte is read: this process sends `most` at once, `per_person` to one person.

    Each is cut after `seconds`.
    """

    def __init__(self, most: int, per_person: int, seconds: float) -> None:
        self._places, self._seconds = Places(most, per_person, TooManyDownloads), seconds

    def send(self, person: str, find: Callable[[], Source]) -> Response:
        """An answer with what `find` gives, without its headers' words on what it is.

        Raises TooManyDownloads, and what `find` raises.
        """
        self._places.take(person)
        until = time.monotonic() + self._seconds
        if connection := request.environ.get("gunicorn.socket"):
            DEADLINES.set(connection, self._seconds, lambda: cut(connection))
        try:
            source = find()
        except BaseException:
            self._places.leave(person)
            raise
        DEADLINES.set(source, self._seconds, source.cut)

        def end() -> None:
            DEADLINES.clear(source)
            source.close()
            self._places.leave(person)

        answer = Response(_until(source, until, request.path))
        if source.length is not None:
            answer.content_length = source.length
        answer.call_on_close(end)
        return answer


def _until(source: Source, moment: float, path: str) -> Iterator[bytes]:
    """Its bytes. Raises ConnectionResetError, at which the server hangs up: nobody is to take this for the whole."""
    try:
        for chunk in source.chunks():
            _check(moment)
            yield chunk
        _check(moment)
    except (LecternError, TimeoutError) as error:
        log.warning("%s: the file was cut off: %s", path, error)
        raise ConnectionResetError(errno.ECONNRESET, str(error)) from None


def _check(moment: float) -> None:
    if time.monotonic() > moment:
        raise TimeoutError("it took too long")
