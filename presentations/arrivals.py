"""How much of a request has come. It decides when a thread takes the request on, never what is in it.

gunicorn reads the same bytes again: a wrong judgement here could only have it do so too early or too late.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

MOST = 2 * 1024 * 1024  # bytes that wait for the rest: more than the web takes of any request
UPLOADS = 2  # how many files a process of the web receives at once, by threads beside all others
_END_OF_HEAD = re.compile(rb"\r\n\r\n|(?<!\r)\n")  # or what no head may have, and gunicorn refuses at once
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}[ \t]*(;.*)?", re.DOTALL)
# What files come with, under whatever path Lectern stands. What else it may be, the web refuses unread.
_WITH_FILE = re.compile(
    r"POST .*/presentations/[0-9a-f-]{36}/versions|PUT .*/presentations/[0-9a-f-]{36}/file|POST .*/files", re.I
)
# What may come as a form with files in it, too.
_WITH_FORM = re.compile(r"POST .*/api/presentations", re.I)


class Part(Enum):
    """What of it has come."""

    SOME_HEAD = "some of its head"
    HEAD = "its head"
    FILE = "the head of one that may bring a file, which is read by whoever decides on it"
    WHOLE = "all of it, or what is refused as it stands"
    TOO_MUCH = "more than is waited for"


class Arrival:
    """One request on its way, of a connection with `peer`; `cfg` is gunicorn's."""

    def __init__(self, cfg: Any, peer: Any) -> None:
        self.part = Part.SOME_HEAD
        self.data = bytearray()
        self.expects_continue = False
        self._cfg, self._peer = cfg, peer
        self._searched = 0
        self._chunked = False
        self._end = 0  # of the body; of a chunked one, where its next chunk begins

    @property
    def is_coming(self) -> bool:
        """Whether there is anything to wait for."""
        return self.part in (Part.SOME_HEAD, Part.HEAD)

    def add(self, data: bytes) -> None:
        """These bytes have come, too."""
        self.data += data
        if self.part is Part.SOME_HEAD:
            self._look_for_head()
        if self.part is Part.HEAD and (self._chunks_have_come() if self._chunked else len(self.data) >= self._end):
            self.part = Part.WHOLE
        if self.is_coming and max(len(self.data), self._end) > MOST:
            self.part = Part.TOO_MUCH

    def _look_for_head(self) -> None:
        found = _END_OF_HEAD.search(self.data, self._searched)
        self._searched = max(0, len(self.data) - 3)
        if not found:
            return
        head = bytes(self.data[: found.end()])
        try:
            request = Request(self._cfg, IterUnreader([head]), self._peer)  # type: ignore[no-untyped-call]
        except ParseException:  # which gunicorn raises once more, and answers
            self.part = Part.WHOLE
            return
        if _may_bring_files(request):
            self.part = Part.FILE
            return
        reader = request.body.reader if request.body else None
        self.part = Part.HEAD
        self.expects_continue = request._expected_100_continue
        self._chunked = isinstance(reader, ChunkedReader)
        self._end = found.end() + getattr(reader, "length", 0)

    def _chunks_have_come(self) -> bool:
        """Goes from size to size (RFC 9112, section 7.1), never back."""
        while (eol := self.data.find(b"\r\n", self._end)) >= 0:
            line = bytes(self.data[self._end : eol])
            if not _SIZE.fullmatch(line):
                return True  # gunicorn refuses it
            size = int(line.split(b";")[0], 16)
            if size == 0:
                return self.data.find(b"\r\n\r\n", eol) >= 0
            self._end = eol + 2 + size + 2
        return False


def _may_bring_files(request: Request) -> bool:
    asked = f"{request.method} {request.path}"
    return bool(_WITH_FILE.fullmatch(asked) or (_WITH_FORM.fullmatch(asked) and _is_form(request)))


def _is_form(request: Request) -> bool:
    types = [value for name, value in request.headers if name == "CONTENT-TYPE"]
    return any(value.partition(";")[0].strip().lower() == "multipart/form-data" for value in types)
