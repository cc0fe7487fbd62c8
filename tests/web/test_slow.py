"""Nobody who is slow keeps others from the web: real sockets before the real gunicorn."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import cast

import pytest
import requests

from presentations.accounts import Accounts
from presentations.library import Library
from presentations.settings import Settings
from tests.support.keeper import Keeper
from tests.support.slow import LARGE, Teacher, request, say
from tests.support.waiting import eventually


@pytest.fixture
def rosa(accounts: Accounts, library: Library, keeper: Keeper) -> Teacher:
    return Teacher("teacher", library, keeper)


@pytest.fixture
def carl(accounts: Accounts, library: Library, keeper: Keeper) -> Teacher:
    return Teacher("colleague", library, keeper)


def test_files_that_nobody_reads_hold_up_nobody_else(
    start_web: Callable[..., str], rosa: Teacher, carl: Teacher
) -> None:
    web = start_web(WEB_THREADS="2", DOWNLOADS="3", DOWNLOADS_PER_PERSON="2", API_RATE_LIMIT="9999")
    large, small, his, his_small = (one.path(what) for one in (rosa, carl) for what in (bytes(LARGE), b"abc"))
    with ExitStack() as visitors:

        def refused(teacher: Teacher, status: int, large: str, small: str) -> list[requests.Response]:
            visitors.enter_context(say(web, request(large, teacher.secret)))
            answer = teacher.get(web, small)
            return [answer] if answer.status_code == status else []

        [answer] = eventually(lambda: refused(rosa, 429, large, small))
        assert answer.headers["Retry-After"] == "10"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "You are downloading 2 files just now" in answer.json()["detail"]
        [answer] = eventually(lambda: refused(carl, 503, his, his_small))
        assert answer.headers["Retry-After"] == "10"
        assert "Lectern is sending 3 files just now" in answer.json()["detail"]
        for page in ("/healthz", "/sign-in"):
            assert requests.get(web + page, timeout=30).ok
    assert eventually(lambda: rosa.get(web, small).content == b"abc")  # they are gone


def test_file_that_takes_too_long_is_cut_off(start_web: Callable[..., str], rosa: Teacher) -> None:
    web = start_web(DOWNLOADS_PER_PERSON="1", DOWNLOAD_TIMEOUT="1", API_RATE_LIMIT="9999")
    small = rosa.path(b"abc")
    with say(web, request(rosa.path(bytes(LARGE)), rosa.secret)):
        assert eventually(lambda: rosa.get(web, small).content == b"abc")


BODY = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALVES = {
    "nothing": "",
    "half a line": "G",
    "half a head": request("/healthz").rstrip(),
    "half a body": BODY + "Content-Length: 9\r\n\r\ne",
    "half a large body": BODY + "Content-Length: 900000\r\n\r\n" + 99_999 * "e",
    "no body": BODY + "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    "half a chunk": BODY + "Transfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n9\r\ne",
    "a second half": request("/healthz") + "G",
}


def test_half_a_request_holds_up_nobody_else(start_web: Callable[..., str]) -> None:
    web = start_web(WEB_THREADS="2", DOWNLOADS="1", HEADER_TIMEOUT="60", REQUEST_TIMEOUT="600")
    with ExitStack() as visitors:
        for what, words in HALVES.items():
            for _ in range(30):
                visitors.enter_context(say(web, words))
            assert requests.get(f"{web}/healthz", timeout=30).ok, what


def test_more_half_requests_than_are_waited_for_end_the_oldest(start_web: Callable[..., str]) -> None:
    web = start_web(WEB_PROCESSES="1", HEADER_TIMEOUT="60", REQUEST_TIMEOUT="600")
    for many, words in ((440, "G"), (75, BODY + "Content-Length: 1000000\r\n\r\n" + 999_999 * "e")):
        with ExitStack() as visitors, DefaultSelector() as ends:
            for number in range(many):
                ends.register(visitors.enter_context(say(web, words)), EVENT_READ, number)
            # Sooner than HEADER_TIMEOUT ends them all.
            ended = min((key for key, _ in ends.select(45)), key=lambda key: key.data)
            assert (ended.data, _rest(cast(socket.socket, ended.fileobj))) == (0, b"")
            assert requests.get(f"{web}/healthz", timeout=30).ok


def test_who_never_says_the_rest_is_hung_up_on(start_web: Callable[..., str]) -> None:
    web = start_web(WEB_THREADS="2", DOWNLOADS="1", HEADER_TIMEOUT="1", REQUEST_TIMEOUT="1")
    with ExitStack() as visitors:
        for visitor in [visitors.enter_context(say(web, words)) for words in HALVES.values()]:
            _rest(visitor)
        for _ in range(20):
            visitors.enter_context(say(web, request("/healthz", more="Connection: close\r\n")))
        assert requests.get(f"{web}/healthz", timeout=30).ok


def test_more_than_anybody_may_send_is_refused_without_waiting(start_web: Callable[..., str]) -> None:
    web = start_web(WEB_THREADS="2", DOWNLOADS="1", HEADER_TIMEOUT="60", REQUEST_TIMEOUT="600")
    with ExitStack() as visitors:
        for _ in range(9):
            visitor = visitors.enter_context(say(web, BODY + "Content-Length: 99999999\r\n\r\ne"))
            assert visitor.recv(12) == b"HTTP/1.1 413"
        visitor = visitors.enter_context(say(web, BODY + "Transfer-Encoding: chunked\r\n\r\n" + 600_000 * "1\r\ne\r\n"))
        assert requests.get(f"{web}/healthz", timeout=30).ok


def test_a_request_in_pieces_is_answered(start_web: Callable[..., str]) -> None:
    web = start_web()
    pieces = ("POST /sign-in HTT", "P/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 9\r", "\n\r\n")
    with say(web, "") as visitor:
        for piece in pieces:
            visitor.sendall(piece.encode())
        assert visitor.recv(99) == b"HTTP/1.1 100 Continue\r\n\r\n"
        for piece in ("email", "=abc" + request("/healthz"), request("/healthz", more="Connection: close\r\n")):
            visitor.sendall(piece.encode())
        said = b"".join(iter(lambda: visitor.recv(65536), b""))
    assert [answer[:3] for answer in said.split(b"HTTP/1.1 ")] == [b"", b"400", b"200", b"200"]
    for words in (HALVES["half a body"], HALVES["half a chunk"]):
        with say(web, words) as visitor:  # who goes away in the middle did not mean the half
            visitor.shutdown(socket.SHUT_WR)
            assert _rest(visitor) == b""


def test_a_broken_body_is_its_senders_fault(start_web: Callable[..., str], tmp_path: Path) -> None:
    web = start_web()
    for chunks in ("ZZ\r\n\r\n", "-1\r\n\r\n", "5;\r\nabcdeXX\r\n"):
        with say(web, BODY + "Transfer-Encoding: chunked\r\n\r\n" + chunks) as visitor:
            assert visitor.recv(12) == b"HTTP/1.1 400", chunks
    assert "Traceback" not in (tmp_path / "web1.log").read_text()


def _rest(visitor: socket.socket) -> bytes:
    """What is said to this one until it is hung up on."""
    said = b""
    try:
        while part := visitor.recv(65536):
            said = said[-100:] + part
    except ConnectionResetError:
        pass
    return said


def test_a_damaged_file_is_not_taken_for_the_whole(
    start_web: Callable[..., str], rosa: Teacher, settings: Settings
) -> None:
    web, content = start_web(), bytes(1_000_000)
    path = rosa.path(content)
    [kept] = [file for file in (settings.var_dir / "files").rglob("*") if file.is_file()]
    kept.write_bytes(content[:-1] + b"x")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        rosa.get(web, path)
