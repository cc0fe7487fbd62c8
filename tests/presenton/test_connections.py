"""Connections to Presenton: kept alive for what may be asked twice, new for what may not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presentations.presenton import Presenton
from presentations.presenton.errors import Unreachable
from presentations.settings import load
from tests.presenton.scripted import MARK, REQUEST, Scripted, client, status


class Keeping:
    """A server that keeps connections open, and hangs up on those in `dead` when they are used once more."""

    def __init__(self) -> None:
        self.used: list[object] = []
        self.dead: set[object] = set()
        self.meet = threading.Barrier(1)
        keeping = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.client_address in keeping.dead:
                    self.close_connection = True
                    return
                keeping.used.append(self.client_address)
                keeping.meet.wait()
                body = json.dumps(status()).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> Keeping:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.socket.close()
        self._thread.join()

    def presenton(self) -> Presenton:
        return Presenton(load({"PRESENTON_URL": f"http://127.0.0.1:{self._server.server_port}"}))


@pytest.fixture
def keeping() -> Iterator[Keeping]:
    with Keeping() as server:
        yield server


def test_threads_share_what_is_kept_alive(keeping: Keeping) -> None:
    presenton = keeping.presenton()
    for _ in range(3):
        thread = threading.Thread(target=presenton.task, args=["task-1"])
        thread.start()
        thread.join()
    assert len(keeping.used) == 3
    assert len(set(keeping.used)) == 1


def test_many_kept_connections_that_have_died_do_not_look_like_a_presenton_that_is_down(keeping: Keeping) -> None:
    presenton = keeping.presenton()
    keeping.meet = threading.Barrier(3)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(presenton.task, ["task-1"] * 3))
    keeping.dead = set(keeping.used)
    keeping.meet = threading.Barrier(1)
    assert len(keeping.dead) == 3
    assert presenton.task("task-1").id == "task-1"


def test_a_request_for_a_presentation_has_a_connection_of_its_own(keeping: Keeping) -> None:
    presenton = keeping.presenton()
    presenton.task("task-1")
    presenton.submit(REQUEST, MARK)
    presenton.submit(REQUEST, MARK)
    assert len(set(keeping.used)) == 3


def test_the_environments_proxy_is_asked(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    server.says(200, status())
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "")
    presenton = Presenton(load({"PRESENTON_URL": "http://presenton.example/slides", "PRESENTON_API_KEY": "sk-1"}))
    presenton.task("task-1")
    presenton.submit(REQUEST, MARK)
    start = b" http://presenton.example/slides/api/v1/ppt/presentation/"
    assert [request.partition(b" HTTP/1.1\r\n")[0] for request in server.requests] == [
        b"GET" + start + b"status/task-1",
        b"POST" + start + b"generate/async",
    ]
    assert all(b"\r\nHost: presenton.example\r\n" in request for request in server.requests)
    assert all(b"\r\nAuthorization: Bearer sk-1\r\n" in request for request in server.requests)


def test_a_proxy_is_not_asked_for_what_the_environment_leaves_out(
    server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says(200, status())
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert client(server).task("task-1").id == "task-1"


@pytest.mark.parametrize(
    ("name", "value"), [("https_proxy", "http://:0x/"), ("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")]
)
def test_an_environment_that_leads_nowhere_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(Unreachable, match=r"/nowhere/|proxy|Failed to parse|URL"):
        Presenton(load({"PRESENTON_URL": "https://presenton.example"})).task("task-1")
