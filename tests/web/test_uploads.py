"""Files that are sent: who may, how large and how many; and nobody who is slow keeps others from the web."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from urllib3 import encode_multipart_formdata

from presentations.accounts import Accounts
from presentations.library import Library
from tests.support.decks import a_compound_file, a_pptx, a_zip_bomb, with_content_type, with_part
from tests.support.keeper import Keeper
from tests.support.signing import hidden
from tests.support.slow import Teacher, say
from tests.support.waiting import eventually
from tests.web.desk import Desk

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MACROS = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"


@pytest.fixture
def rosa(accounts: Accounts, library: Library, keeper: Keeper) -> Teacher:
    return Teacher("teacher", library, keeper)


@pytest.fixture
def carl(accounts: Accounts, library: Library, keeper: Keeper) -> Teacher:
    return Teacher("colleague", library, keeper)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """Where files are put first."""
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def serve(start_web: Callable[..., str], spool: Path) -> Callable[..., str]:
    def start(**changed: str) -> str:
        return start_web(**{"WEB_THREADS": "2", "DOWNLOADS": "1", "TMPDIR": str(spool)} | changed)

    return start


def put(web: str, path: str, teacher: Teacher, body: Any, **headers: str) -> requests.Response:
    own = {"Authorization": f"Bearer {teacher.secret}", "Content-Type": PPTX} | headers
    return requests.put(web + path, data=body, headers=own, timeout=60)


def head(path: str, secret: str, length: str = "Content-Length: 9000000", method: str = "PUT") -> str:
    """The beginning of a request that brings a file."""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n{length}\r\n\r\n"


def said(visitor: socket.socket) -> bytes:
    """All that is answered until it is hung up on."""
    answer = b""
    try:
        while part := visitor.recv(65536):
            answer += part
    except ConnectionResetError:
        pass
    return answer


def large(path: Path, size: int = 5_000_000) -> Path:
    """A deck of more than waits in memory for its rest."""
    return with_part(a_pptx(path), "ppt/media/film.bin", os.urandom(size))


def test_a_large_file_is_kept_and_given_out_as_it_was(
    serve: Callable[..., str], rosa: Teacher, tmp_path: Path, spool: Path
) -> None:
    web, path, deck = serve(), rosa.path(b"abc"), large(tmp_path / "deck.pptx")
    assert list(spool.iterdir())  # it is where the web puts what it keeps for a while
    with deck.open("rb") as file:
        answer = put(web, path, rosa, file)
    assert (answer.status_code, answer.json()) == (200, {"number": 2})
    assert rosa.get(web, path).content == deck.read_bytes()
    assert put(web, path, rosa, _pieces(deck)).json() == {"number": 2}  # chunked; the same file is the same version
    assert not _left_in(spool)


def test_a_large_file_comes_by_the_form_of_its_page(
    serve: Callable[..., str], rosa: Teacher, accounts: Accounts, tmp_path: Path
) -> None:
    web, deck = serve(), large(tmp_path / "deck.pptx")
    page = rosa.path(b"abc").removeprefix("/api").removesuffix("/file")
    with requests.Session() as browser:
        token = hidden(browser.get(f"{web}/sign-in/{accounts.make_link('teacher')}", timeout=30).text, "csrf_token")
        browser.post(f"{web}/sign-in/{accounts.make_link('teacher')}", data={"csrf_token": token}, timeout=30)
        form = {"csrf_token": hidden(browser.get(web + page, timeout=30).text, "csrf_token")}

        def send(files: Any, **fields: str) -> requests.Response:
            return browser.post(f"{web}{page}/versions", data=fields or form, files=files, timeout=60)

        assert "Your file is kept" in send({"file": ("../../x.pptx\0", deck.read_bytes())}).text
        assert browser.get(f"{web}{page}/file", timeout=30).content == deck.read_bytes()
        for files, status, sentence in (
            ([("file", ("a.pptx", b"PK")), ("file", ("b.pptx", b"PK"))], 422, "Expected one PowerPoint file, got 2."),
            ({"other": ("a.pptx", b"PK")}, 422, "Expected one PowerPoint file, got nothing."),
            ([(f"f{n}", ("a.pptx", b"PK")) for n in range(1000)], 413, "Send at most one file of 200 MB here."),
            ({"f" * 1_200_000: ("a.pptx", b"PK")}, 413, "Send at most one file of 200 MB here."),
        ):
            answer = send(files)
            assert (answer.status_code, sentence in answer.text) == (status, True), sentence
            assert "Nothing has changed" in answer.text
        assert send({"file": ("a.pptx", deck.read_bytes())}, csrf_token="wrong").status_code == 400
        for more, status in (({}, 400), ({"X-CSRFToken": form["csrf_token"]}, 422)):
            headers = {"Content-Type": PPTX} | more
            assert browser.put(f"{web}/api{page}/file", data=b"PK", headers=headers, timeout=60).status_code == status


def test_what_is_no_deck_is_refused_with_a_sentence(
    serve: Callable[..., str], rosa: Teacher, library: Library, tmp_path: Path
) -> None:
    web, path = serve(MAX_FILE_MB="1"), rosa.path(b"abc")
    bad = tmp_path / "bad.pptx"
    for make, sentence in (
        (lambda: a_compound_file(bad, "EncryptedPackage"), "protected by a password"),
        (lambda: with_content_type(a_pptx(bad), MACROS), "macros"),
        (lambda: a_zip_bomb(a_pptx(bad), 200), ""),
        (lambda: bad.write_bytes(b""), "This file is empty."),
        (lambda: bad.write_bytes(b"<html>"), "This is a web page, and no PowerPoint file."),
    ):
        make()
        answer = put(web, path, rosa, bad.read_bytes())
        assert answer.status_code == 422, sentence
        assert sentence in answer.json()["errors"][0]["problem"]
    for answer in (put(web, path, rosa, bytes(1_100_000)), put(web, path, rosa, iter([bytes(1_000_000)] * 9))):
        assert (answer.status_code, "Send at most one file of 1 MB" in answer.json()["detail"]) == (413, True)
    for media_type in ("text/html", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        assert put(web, path, rosa, b"PK", **{"Content-Type": media_type}).status_code == 415
    assert library.get("teacher", path.split("/")[3]).version == 1


def test_who_may_not_send_a_file_is_refused_before_it_is_read(
    serve: Callable[..., str], rosa: Teacher, carl: Teacher, library: Library
) -> None:
    web, his, asked = serve(), carl.path(b"abc"), library.create("teacher", "Waits")
    page = his.removeprefix("/api").replace("/file", "/versions")
    for words, status in (
        (head(his, "wrong"), b"401"),
        (head(his, rosa.secret), b"404"),
        (head(f"/api/presentations/{asked.id}/file", rosa.secret), b"404"),
        (head(rosa.path(b"abc"), rosa.secret, "Content-Length: 999000000"), b"413"),
        (head(page, rosa.secret, method="POST"), b"303"),
    ):
        with say(web, words.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n")) as visitor:
            assert said(visitor).startswith(b"HTTP/1.1 " + status), words
    # Who may is told to go on.
    with say(web, head(rosa.path(b"abc"), rosa.secret, "Content-Length: 6\r\nExpect: 100-continue")) as visitor:
        assert visitor.recv(99) == b"HTTP/1.1 100 Continue\r\n\r\n"
        visitor.sendall(b"<html>")
        assert said(visitor).startswith(b"HTTP/1.1 422")


def test_files_that_hardly_come_hold_up_nobody_else(
    serve: Callable[..., str], rosa: Teacher, carl: Teacher, accounts: Accounts, library: Library, keeper: Keeper
) -> None:
    web = serve()
    accounts.add("third", "Ida", "ida@school.example")
    ida = Teacher("third", library, keeper)
    mine, his, hers = (one.path(b"abc") for one in (rosa, carl, ida))
    with ExitStack() as visitors:

        def hold(path: str, one: Teacher) -> bool:
            visitors.enter_context(say(web, head(path, one.secret) + "PK"))
            return put(web, path, one, b"").status_code in (429, 503)

        eventually(lambda: hold(mine, rosa))
        eventually(lambda: hold(his, carl))
        answer = put(web, mine, rosa, b"")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
        assert "You are sending 1 file just now" in answer.json()["detail"]
        answer = put(web, hers, ida, b"")
        assert (answer.status_code, "Lectern is receiving 2 files just now" in answer.json()["detail"]) == (503, True)
        for _ in range(9):
            visitors.enter_context(say(web, head(mine, "wrong") + "PK"))
        for page in ("/healthz", "/sign-in"):
            assert requests.get(web + page, timeout=30).ok
        assert rosa.get(web, mine).content == b"abc"
    assert eventually(lambda: put(web, mine, rosa, b"").status_code == 422)  # they are gone


def test_a_file_that_takes_too_long_or_breaks_off_leaves_nothing(
    serve: Callable[..., str], rosa: Teacher, library: Library, spool: Path
) -> None:
    web, path = serve(DOWNLOAD_TIMEOUT="1", API_RATE_LIMIT="9999"), rosa.path(b"abc")
    for length in ("Content-Length: 9000000", "Transfer-Encoding: chunked"):
        with say(web, head(path, rosa.secret, length) + "8\r\nPK") as visitor:
            assert not said(visitor).startswith(b"HTTP/1.1 2")
        with say(web, head(path, rosa.secret, length) + "8\r\nPK") as visitor:
            visitor.shutdown(socket.SHUT_WR)
            assert not said(visitor).startswith(b"HTTP/1.1 2")
    assert eventually(lambda: put(web, path, rosa, b"").status_code == 422)
    assert not _left_in(spool)
    assert library.get("teacher", path.split("/")[3]).version == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Werkzeug lets go of it unclosed
def test_a_disk_that_takes_no_file_is_said(
    desk: Desk, rosa: Teacher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rosa.path(b"abc")
    form: dict[str, Any] = {"csrf_token": hidden(desk.page(), "csrf_token"), "file": ("a.pptx", bytes(900_000))}
    sent, media_type = encode_multipart_formdata(form)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    by_page = desk.client.post(
        path.removeprefix("/api").replace("/file", "/versions"), data=sent, content_type=media_type
    )
    by_api = desk.client.put(path, data=bytes(9), headers={"Authorization": f"Bearer {rosa.secret}"})
    for answer in (by_page, by_api):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "The place where files are kept cannot be reached just now." in answer.text


def test_other_addresses_take_as_little_as_ever(serve: Callable[..., str], rosa: Teacher) -> None:
    web, path = serve(), rosa.path(b"abc")
    for method, address in (("POST", path), ("PUT", path.replace("/file", "")), ("PATCH", path)):
        with say(web, head(address, rosa.secret, method=method)) as visitor:
            assert said(visitor).startswith(b"HTTP/1.1 4")


def test_what_a_killed_web_left_is_deleted_by_the_next_after_a_day(
    serve: Callable[..., str], rosa: Teacher, spool: Path
) -> None:
    web, path = serve(), rosa.path(b"abc")
    with say(web, head(path, rosa.secret) + "PK"):
        [deck] = eventually(lambda: list(spool.glob("lectern-*/deck.pptx")))
        left = spool / f"{deck.parent.name}-left"
        left.mkdir()
        os.utime(left, (1, 1))
        serve()
        assert (left.exists(), deck.exists()) == (False, True)


def _left_in(spool: Path) -> list[Path]:
    return [path for path in spool.iterdir() if not path.name.startswith(("lectern-metrics-", "wgunicorn-"))]


def _pieces(deck: Path) -> Iterator[bytes]:
    with deck.open("rb") as file:
        while piece := file.read(65536):
            yield piece
