"""The client against answers as recorded from real servers, and against everything that is none.

The server here says what each test tells it to, byte by byte, over real HTTP.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from presentations.options import Order
from presentations.presenton import (
    Failed,
    NoAsynchronousCall,
    NotLetIn,
    Passing,
    Presenton,
    PresentonError,
    Refused,
    Unanswered,
    UnknownTask,
)
from presentations.presenton.answers import BadAnswer, Unreachable
from presentations.settings import load

ORDER = Order("Photosynthesis", 12, tone="funny")
NGINX_502 = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>"
)
DECK_ID = "91408374-789a-4173-a650-f81c4fdf6e58"
DECK = {
    "presentation_id": DECK_ID,
    "path": "/app_data/exports/Höhere Mathe 1.pptx",
    "edit_path": f"/presentation?id={DECK_ID}",
}


class Scripted:
    """A server that gives one prepared answer to every request, and remembers what it was asked."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.answer: bytes | None = b""
        self.requests: list[bytes] = []
        self._pace = 0.0
        self._closed = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def says(self, status: int, body: object, length: int | None = None, headers: str = "") -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {length or len(data)}\r\nConnection: close\r\n{headers}\r\n"
        self.answer = head.encode() + data

    def hangs_up(self) -> None:
        self.answer = b""

    def hangs(self) -> None:
        self.answer = None

    def drips(self) -> None:
        self.says(200, b" " * 1000)
        self._pace = 0.05

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        self._open.append(connection)
        self.requests.append(_read_request(connection))
        if self.answer is not None:
            self._send(connection, self.answer)
            connection.close()

    def _send(self, connection: socket.socket, answer: bytes) -> None:
        if not self._pace:
            connection.sendall(answer)
            return
        head, _, body = answer.partition(b"\r\n\r\n")
        connection.sendall(head + b"\r\n\r\n")
        with suppress(OSError):  # until the client has had enough
            while not self._closed.wait(self._pace):
                connection.sendall(body[:1])

    def close(self) -> None:
        self._closed.set()
        self._socket.close()
        for connection in self._open:
            connection.close()


def _read_request(connection: socket.socket) -> bytes:
    """A request with all of its body, which may come in a piece of its own."""
    request = connection.recv(65536)
    while b"\r\n\r\n" not in request:
        request += connection.recv(65536)
    length = re.search(rb"\r\nContent-Length: (\d+)", request)
    missing = int(length[1]) - len(request.partition(b"\r\n\r\n")[2]) if length else 0
    while missing > 0:
        piece = connection.recv(missing)
        request, missing = request + piece, missing - len(piece)
    return request


@pytest.fixture
def server() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.close()


def client(server: Scripted, **settings: str) -> Presenton:
    return Presenton(load({"PRESENTON_URL": server.url, "PRESENTON_READ_TIMEOUT": "0.3", **settings}))


def status(**changed: Any) -> dict[str, Any]:
    return {
        "type": "presentation.generate",
        "id": "task-1",
        "status": "pending",
        "message": "Generating slides",
        "data": {"created_slides": 10, "remaining_slides": 2},
        "error": None,
        "created_at": "2026-11-23T18:53:51.511372",
        "updated_at": "2026-11-23T18:53:57.745274",
        **changed,
    }


def test_an_order_is_sent_as_presenton_has_it(server: Scripted) -> None:
    server.says(200, status())
    client(server, PRESENTON_API_KEY="sk-presenton-1").submit(ORDER)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/v1/ppt/presentation/generate/async HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer sk-presenton-1" in head
    assert json.loads(body) == {"content": "Photosynthesis", "n_slides": 12, "tone": "funny"}


def test_basic_credentials_are_sent(server: Scripted) -> None:
    server.says(200, status())
    client(server, PRESENTON_USERNAME="admin", PRESENTON_PASSWORD="pässword").task("task-1")
    assert b"\r\nAuthorization: Basic YWRtaW46cMOkc3N3b3Jk\r" in server.requests[0]


def test_progress_is_read(server: Scripted) -> None:
    server.says(200, status())
    task = client(server).task("task-1")
    assert (task.slides_done, task.slides_total, task.message) == (10, 12, "Generating slides")
    assert not task.is_completed
    assert task.failure is None
    server.says(200, status(updated_at="2026-11-23T18:53:58"))
    assert client(server).task("task-1").mark != task.mark


@pytest.mark.parametrize("word", ["pending", "processing", "reticulating"])
def test_a_word_it_does_not_know_means_still_running(server: Scripted, word: str) -> None:
    server.says(200, status(status=word))
    task = client(server).task("task-1")
    assert (task.is_completed, task.failure) == (False, None)


def test_release_0_8_says_nothing_until_it_names_the_deck(server: Scripted) -> None:
    server.says(200, {"status": "pending", "message": "Queued for generation", "data": None, "id": "task-1"})
    presenton = client(server)
    task = presenton.submit(ORDER)
    assert (task.slides_done, task.slides_total, task.deck) == (None, None, None)
    assert not presenton.is_asked_blocking
    server.says(200, status(status="completed", data=DECK))
    deck = presenton.task("task-1").deck
    assert deck
    assert (deck.id, deck.url, deck.path) == (DECK_ID, DECK["edit_path"], DECK["path"])


def test_release_0_9_does_not_name_the_deck_so_the_next_is_asked_for_blocking(server: Scripted) -> None:
    server.says(200, status())
    presenton = client(server)
    presenton.submit(ORDER)
    assert presenton.is_asked_blocking
    server.says(200, status(status="completed"))
    task = presenton.task("task-1")
    assert (task.is_completed, task.deck) == (True, None)


def test_later_releases_name_the_deck_from_the_start(server: Scripted) -> None:
    server.says(200, status(data={"created_slides": 0, "remaining_slides": 2, "presentation_id": DECK_ID}))
    presenton = client(server)
    presenton.submit(ORDER)
    assert not presenton.is_asked_blocking


@pytest.mark.parametrize("code", [404, 405])
def test_release_0_5_has_no_asynchronous_call(server: Scripted, code: int) -> None:
    server.says(code, {"detail": "Method Not Allowed"})
    presenton = client(server)
    with pytest.raises(NoAsynchronousCall):
        presenton.submit(ORDER)
    assert presenton.is_asked_blocking


@pytest.mark.parametrize(("mode", "blocking"), [("sync", True), ("async", False), ("auto", False)])
def test_the_mode_decides(server: Scripted, mode: str, blocking: bool) -> None:
    assert client(server, PRESENTON_MODE=mode).is_asked_blocking is blocking


def test_a_blocking_call_gives_the_deck(server: Scripted) -> None:
    server.says(200, DECK)
    assert client(server).generate(ORDER, 5).id == DECK_ID
    assert server.requests[0].startswith(b"POST /api/v1/ppt/presentation/generate HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("edit_path", "url"),
    [
        ("http://presenton.local:5000/presentation?id=1", "/presentation?id=1"),
        (None, f"/presentation?id={DECK_ID}"),
        ("javascript:alert(1)", f"/presentation?id={DECK_ID}"),
        ("//evil.example/x", "/x"),
        ("https://x//evil.example/x", f"/presentation?id={DECK_ID}"),
        ("presentation?id=1", f"/presentation?id={DECK_ID}"),
        ("/\\evil.example", f"/presentation?id={DECK_ID}"),
        ("http://[x", f"/presentation?id={DECK_ID}"),
    ],
)
def test_a_link_stays_on_presentons_own_address(server: Scripted, edit_path: str | None, url: str) -> None:
    server.says(200, DECK | {"edit_path": edit_path})
    assert client(server).generate(ORDER, 5).url == url


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/app_data/exports/users/1/a b.pptx", "/app_data/exports/users/1/a b.pptx"),
        ("http://presenton.local/app_data/exports/a%20b.pptx", "/app_data/exports/a b.pptx"),
        ("/app_data/../etc/passwd", None),
        ("http://x/app_data/%2e%2e/etc/passwd", None),
        ("/home/me/presenton/exports/a.pptx", None),
        ("/app_data/a\r\nb.pptx", None),
        ("http://[x", None),
        (None, None),
    ],
)
def test_a_file_stays_below_app_data(server: Scripted, path: str | None, kept: str | None) -> None:
    server.says(200, DECK | {"path": path})
    assert client(server).generate(ORDER, 5).path == kept


def test_a_failed_task_tells_its_reason(server: Scripted) -> None:
    server.says(200, status(status="error", error={"status_code": 500, "detail": "AI provider API request failed."}))
    assert client(server).task("task-1").failure == "500: AI provider API request failed."


def test_a_task_may_be_forgotten(server: Scripted) -> None:
    server.says(404, {"detail": "No presentation generation task found"})
    with pytest.raises(UnknownTask, match="No presentation generation task found"):
        client(server).task("task-1")


def test_a_proxys_404_does_not_mean_that_the_task_is_forgotten(server: Scripted) -> None:
    server.says(404, b"<html><body>404 Not Found</body></html>")
    with pytest.raises(BadAnswer):
        client(server).task("task-1")


@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (401, {"detail": "Unauthorized"}, NotLetIn, "PRESENTON_API_KEY"),
        (403, b"<html><h1>403 Forbidden</h1></html>", NotLetIn, "403 Forbidden"),
        (428, {"detail": "Login setup is required", "setup_required": True}, NotLetIn, "Login setup is required"),
        (400, {"detail": "Template not found. Please use a valid template."}, Refused, "Template not found"),
        (422, {"detail": [{"loc": ["body", "tone"], "msg": "Input should be 'default'"}]}, Refused, "body.tone: Input"),
        (422, {"detail": [{"loc": 5, "msg": "wrong"}, "odd"]}, Refused, "5: wrong; odd"),
        (307, b"", Refused, "set PRESENTON_URL"),
        (404, b"<html>404 Not Found</html>", BadAnswer, "404 Not Found"),
        (429, {"detail": "Slow down"}, Passing, "Slow down"),
        (500, b"Internal Server Error", Passing, "Internal Server Error"),
        (502, NGINX_502, Passing, "502 Bad Gateway"),
        (503, {"detail": "Connection error."}, Passing, "Connection error."),
        (504, b"<html>504 Gateway Time-out</html>", Unanswered, "504 Gateway Time-out"),
        (200, b"<html>Welcome</html>", Unanswered, "not JSON"),
        (200, b'{"id": "task-1", "stat', Unanswered, "not JSON"),
        (200, b"[" * 100_000, Unanswered, "not JSON"),
        (200, [], Unanswered, "a list, not an object"),
        (200, {}, Unanswered, "no status"),
        (200, status(id=None), Unanswered, "no task id"),
        (200, status(id=7), Unanswered, "its id is a int"),
        (200, status(status=["pending"]), Unanswered, "its status is a list"),
        (200, status(data="soon"), Unanswered, "its data is a str"),
        (200, status(data={"created_slides": "3"}), Unanswered, "its created_slides is a str"),
        (200, status(data={"created_slides": -3}), Unanswered, "-3, not a number of slides"),
        (200, status(data={"created_slides": True}), Unanswered, "True, not a number of slides"),
    ],
)
def test_a_submit_that_is_not_taken_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError], words: str
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).submit(ORDER)
    assert type(error.value) is kind
    assert words in str(error.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>Welcome</html>", "not JSON: HTTP 200: Welcome"),
        (b'{"status": "compl', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ([], "a list, not an object"),
        ({"id": "task-1"}, "no status"),
        (status(status="completed", data={"presentation_id": 5}), "its presentation_id is a int"),
        (status(status="completed", data=DECK | {"path": 5}), "its path is a int"),
        (status(message={"text": "x"}), "its message is a dict"),
    ],
)
def test_rubbish_while_it_runs_is_a_named_error_that_passes(server: Scripted, body: object, words: str) -> None:
    server.says(200, body)
    with pytest.raises(BadAnswer) as error:
        client(server).task("task-1")
    assert words in str(error.value)
    assert isinstance(error.value, Passing)


@pytest.mark.parametrize(
    ("code", "body", "kind"),
    [
        (500, {"detail": "AI provider API request failed. Please try again."}, Failed),
        (503, {"detail": "Connection error."}, Passing),
        (504, b"<html>504 Gateway Time-out</html>", Unanswered),
        (400, {"detail": "Number of slides cannot be greater than 50"}, Refused),
        (200, {"path": "/app_data/x"}, Unanswered),
        (200, b"{", Unanswered),
    ],
)
def test_a_blocking_call_that_fails_is_a_named_error(
    server: Scripted, code: int, body: object, kind: type[PresentonError]
) -> None:
    server.says(code, body)
    with pytest.raises(PresentonError) as error:
        client(server).generate(ORDER, 5)
    assert type(error.value) is kind


def test_what_postgres_cannot_store_is_left_out(server: Scripted) -> None:
    server.says(200, rb'{"id": "task-1", "status": "pending", "message": "a\u0000b\ud800c"}')
    assert client(server).task("task-1").message == "ab?c"


def test_nobody_there() -> None:
    presenton = Presenton(load({"PRESENTON_URL": "http://127.0.0.1:1"}))
    for call in (lambda: presenton.submit(ORDER), lambda: presenton.generate(ORDER, 5), lambda: presenton.task("t")):
        with pytest.raises(Unreachable):
            call()


def test_a_submit_whose_answer_is_lost_may_have_been_taken(server: Scripted) -> None:
    for lose in (server.hangs_up, server.hangs, lambda: server.says(200, status(), length=9999)):
        lose()
        with pytest.raises(Unanswered):
            client(server).submit(ORDER)
    assert len(server.requests) == 3


def test_an_answer_that_drips_is_not_waited_for_for_ever(server: Scripted) -> None:
    server.drips()
    with pytest.raises(Unreachable, match=r"took longer than 0\.3 seconds"):
        client(server).task("task-1")


def test_a_look_is_repeated_only_when_the_connection_broke(server: Scripted) -> None:
    server.hangs_up()
    with pytest.raises(Unreachable):
        client(server).task("task-1")
    assert len(server.requests) == 2
    server.hangs()
    with pytest.raises(Unreachable):
        client(server).task("task-1")
    assert len(server.requests) == 3


def test_a_redirect_is_not_followed_with_our_key(server: Scripted) -> None:
    server.says(302, b"", headers="Location: /elsewhere\r\n")
    with pytest.raises(Refused):
        client(server, PRESENTON_API_KEY="sk-presenton-1").task("task-1")
    assert len(server.requests) == 1


def test_a_lost_deck_is_found_by_what_was_asked(server: Scripted) -> None:
    def listed(**changed: Any) -> dict[str, Any]:
        base = {"id": "d0", "content": "Photosynthesis", "n_slides": 12, "created_at": "2026-11-23T12:00:30.5"}
        return base | changed

    server.says(
        200,
        [
            listed(id="later", created_at="2026-11-23T12:20:00"),
            listed(),
            listed(id="other", content="Cells"),
            listed(id="short", n_slides=3),
            listed(id="before", created_at="2026-11-23T11:00:00"),
            listed(id="with offset", created_at="2026-11-23T14:10:00+02:00"),
            listed(id=None),
            listed(created_at=None),
            "rubbish",
            listed(id="a\x00b", created_at="2026-11-23T15:00:00"),
        ],
    )
    found = client(server).decks(ORDER, datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    assert [deck.id for deck in found] == ["d0", "later", "with offset", "ab"]
    assert found[0].url == "/presentation?id=d0"


def test_a_list_that_is_none_is_a_named_error(server: Scripted) -> None:
    server.says(200, {"items": []})
    with pytest.raises(BadAnswer, match="not a list"):
        client(server).decks(ORDER, datetime.now(UTC))
