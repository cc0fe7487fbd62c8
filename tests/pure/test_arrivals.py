"""When a request has come whole, however it is cut into pieces."""

from __future__ import annotations

import pytest
from gunicorn.config import Config

from presentations.arrivals import MOST, Arrival, Part

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def _arrival() -> Arrival:
    return Arrival(Config(), ("127.0.0.1", 1))  # type: ignore[no-untyped-call]


def _come(*pieces: bytes) -> Part:
    arrival = _arrival()
    for piece in pieces:
        arrival.add(piece)
    return arrival.part


@pytest.mark.parametrize(
    "whole",
    [
        HEAD + b"\r\n",
        b"\r\n" + HEAD + b"\r\n",
        HEAD + b"Content-Length: 4\r\n\r\n\r\n\r\n",
        CHUNKED + b"0\r\n\r\n",
        CHUNKED + b"4\r\n\r\n\r\n\r\n0\r\n\r\n",
        CHUNKED + b'1;a="b"\r\ne\r\nA \r\n0\r\n\r\n67890\r\n000\r\nTrailer: b\r\n\r\n',
    ],
)
def test_a_request_has_come_with_its_last_byte_and_not_before(whole: bytes) -> None:
    arrival = _arrival()
    for number in range(len(whole)):
        assert arrival.is_coming, whole[:number]
        arrival.add(whole[number : number + 1])
    assert arrival.part is Part.WHOLE
    assert _come(whole) is _come(whole + HEAD) is Part.WHOLE
    assert arrival.data == whole


@pytest.mark.parametrize(
    "broken",
    [
        b"GET / HTTP/1.1\n",
        b"\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: \xb2\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"A: b\nC: d",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"\r\n",
        CHUNKED + b"1_0\r\n",
    ],
)
def test_what_is_refused_is_not_waited_for(broken: bytes) -> None:
    assert _come(broken) is Part.WHOLE


def test_the_rest_of_too_much_is_not_waited_for() -> None:
    assert _come(HEAD + b"Content-Length: %d\r\n\r\n" % MOST) is Part.TOO_MUCH
    assert _come(CHUNKED, b"%x\r\n" % (MOST * 2)) is Part.TOO_MUCH
    assert _come(CHUNKED, *[b"1\r\ne\r\n" * 10_000] * 40) is Part.TOO_MUCH
    assert _come(*[b"G" * 65536] * 33) is Part.TOO_MUCH


@pytest.mark.parametrize(
    ("line", "media_type", "part"),
    [
        ("POST /slides/files", "text/plain", Part.FILE),
        ("POST /api/files", "multipart/form-data; boundary=x", Part.FILE),
        ("POST /api/presentations", "Multipart/Form-Data ;boundary=x", Part.FILE),
        ("POST /slides/api/presentations", "multipart/form-data", Part.FILE),
        ("POST /api/presentations", "application/json", Part.HEAD),
        ("POST /api/presentations", "text/plain; a=multipart/form-data", Part.HEAD),
        ("POST /presentations", "multipart/form-data; boundary=x", Part.HEAD),
        ("POST /files/1/remove", "multipart/form-data; boundary=x", Part.HEAD),
        ("GET /api/presentations", "multipart/form-data; boundary=x", Part.HEAD),
    ],
)
def test_what_may_bring_files_is_known_by_its_head(line: str, media_type: str, part: Part) -> None:
    head = f"{line} HTTP/1.1\r\nHost: a\r\nContent-Type: {media_type}\r\nContent-Length: 9\r\n\r\n"
    assert _come(head.encode()) is part
