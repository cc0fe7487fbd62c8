"""Files to make slides from, before the real gunicorn: decided on before they are read; of a try nothing is left."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from presentations.accounts import READ, Accounts, Tokens
from presentations.database import Database
from presentations.library import Library, Uploads
from tests.support.forms import encoded
from tests.support.keeper import Keeper
from tests.support.slow import Teacher, say
from tests.support.waiting import eventually

FORM = "Content-Type: multipart/form-data; boundary=x"
PART = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nCells'
BOTH = ("/api/files", "/api/presentations")


@pytest.fixture
def rosa(accounts: Accounts, library: Library, keeper: Keeper) -> Teacher:
    return Teacher("teacher", library, keeper)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """Where files are put first."""
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def web(start_web: Callable[..., str], spool: Path) -> str:
    return start_web(WEB_THREADS="2", MAX_UPLOAD_MB="3", REQUEST_TIMEOUT="2", DOWNLOAD_TIMEOUT="4", TMPDIR=str(spool))


def head(path: str, secret: str, *more: str, length: int = 3_900_000) -> str:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {secret}", *more]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""])


def said(visitor: socket.socket) -> bytes:
    """All that is answered until it is hung up on."""
    answer = b""
    try:
        while part := visitor.recv(65536):
            answer += part
    except ConnectionResetError:
        pass
    return answer


def test_who_may_not_give_a_file_is_refused_before_it_is_read(web: str, rosa: Teacher, database: Database) -> None:
    reader = Tokens(database).make("teacher", "reads", [READ])[1]
    for words, status in (
        *((head(path, "wrong", FORM), b"401") for path in BOTH),
        *((head(path, reader, FORM), b"403") for path in BOTH),
        *((head(path, rosa.secret, FORM, "X-Lectern-User: colleague"), b"403") for path in BOTH),
        *((head(path, rosa.secret, FORM, length=90_000_000), b"413") for path in BOTH),
        (head("/api/files", rosa.secret, "Content-Type: text/plain"), b"415"),
        (head("/api/files?colour=red", rosa.secret, FORM), b"422"),
        (head("/files", rosa.secret, FORM), b"303"),
        # What is no form is as small as ever.
        (head("/api/presentations", rosa.secret, "Content-Type: application/json"), b"413"),
        (head("/api/subjects", rosa.secret, FORM), b"415"),
    ):
        with say(web, words.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n")) as visitor:
            assert said(visitor).startswith(b"HTTP/1.1 " + status), words


def test_large_files_come_with_what_is_asked_for(web: str, rosa: Teacher, spool: Path, uploads: Uploads) -> None:
    words = b"Cells divide. " * 180_000
    body, media_type = encoded([("a.txt", words), ("b.txt", words)], topic="Cells")
    headers = {"Authorization": f"Bearer {rosa.secret}", "Content-Type": media_type}
    for sent in (body, iter([body[:1000], body[1000:]])):
        answer = requests.post(f"{web}/api/presentations", data=sent, headers=headers, timeout=60)
        assert answer.status_code == 202, answer.text
    assert [one.size for one in uploads.list("teacher")] == [len(words)] * 4
    assert not _left_in(spool)


def test_a_file_that_breaks_off_or_takes_too_long_leaves_nothing(
    web: str, rosa: Teacher, spool: Path, uploads: Uploads
) -> None:
    for path in BOTH:
        with say(web, head(path, rosa.secret, FORM) + PART) as visitor:
            visitor.shutdown(socket.SHUT_WR)
            assert said(visitor).startswith((b"HTTP/1.1 4", b""))
    with say(web, head("/api/files", rosa.secret, FORM) + PART) as slow:
        # One of a person's at a time.
        assert eventually(lambda: _give(web, rosa, b"").status_code == 429)
        assert not said(slow).startswith(b"HTTP/1.1 2")
    # Fewer bytes than the form has, or more than were said.
    with say(web, head("/api/files", rosa.secret, FORM, length=len(PART)) + PART) as visitor:
        assert said(visitor).startswith(b"HTTP/1.1 4")
    assert uploads.list("teacher") == []
    assert not _left_in(spool)
    assert eventually(lambda: _give(web, rosa, os.urandom(9)).status_code == 422)


def _give(web: str, teacher: Teacher, content: bytes) -> requests.Response:
    body, media_type = encoded([("a.txt", content)])
    headers = {"Authorization": f"Bearer {teacher.secret}", "Content-Type": media_type}
    return requests.post(f"{web}/api/files", data=body, headers=headers, timeout=30)


def _left_in(spool: Path) -> list[Path]:
    return [path for path in spool.iterdir() if not path.name.startswith(("lectern-metrics-", "wgunicorn-"))]
