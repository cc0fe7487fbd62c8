"""A server that says what each test tells it to, byte by byte, over real HTTP."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import suppress
from typing import Any

from presentations.options import GenerationRequest
from presentations.presenton import (
    Presenton,
)
from presentations.settings import load

REQUEST = GenerationRequest.checked(topic="Photosynthesis", n_slides=12, tone="funny")
MARK = "0123456789abcdef"
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
        self._at: dict[bytes, bytes] = {}
        self.requests: list[bytes] = []
        self._pace = 0.0
        self._closed = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def says(self, status: int, body: object, length: int | None = None, headers: str = "") -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {length or len(data)}\r\nConnection: close\r\n{headers}\r\n"
        self.answer = head.encode() + data

    def says_at(self, path: str, status: int, body: object) -> None:
        """Another answer for one path."""
        usual = self.answer
        self.says(status, body)
        self._at[path.encode()] = self.answer or b""
        self.answer = usual

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
        with suppress(OSError):  # the client has had enough, or the test is over
            self.requests.append(_read_request(connection))
            answer = self._at.get(self.requests[-1].split(b" ")[1], self.answer)
            if answer is not None:
                self._send(connection, answer)
                connection.close()

    def _send(self, connection: socket.socket, answer: bytes) -> None:
        if not self._pace:
            connection.sendall(answer)
            return
        head, _, body = answer.partition(b"\r\n\r\n")
        connection.sendall(head + b"\r\n\r\n")
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
        if not (piece := connection.recv(65536)):
            raise ConnectionAbortedError("the client has gone")
        request += piece
    length = re.search(rb"\r\nContent-Length: (\d+)", request)
    missing = int(length[1]) - len(request.partition(b"\r\n\r\n")[2]) if length else 0
    while missing > 0 and (piece := connection.recv(missing)):
        request, missing = request + piece, missing - len(piece)
    return request


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
