"""Somebody who uses the demo over HTTP, and what there is to be called."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import requests
from pptx import Presentation as open_presentation
from pypdfium2 import PdfDocument

from presentations.demo.server import DemoPresenton
from tests.support.waiting import eventually

GENERATE = "/api/v1/ppt/presentation/generate"
GENERATE_ASYNC = "/api/v1/ppt/presentation/generate/async"
STATUS = "/api/v1/ppt/presentation/status/"
TASK_STATUS = "/api/v1/async-tasks/status/"
ALL = "/api/v1/ppt/presentation/all?include_slides=false"
DECK = "/api/v1/ppt/presentation/"
TASK = {"type", "id", "status", "message", "data", "error", "created_at", "updated_at"}


class Caller:
    """Somebody who uses the demo over HTTP."""

    def __init__(self, demo: DemoPresenton, auth: tuple[str, str] | None = None, key: str | None = None) -> None:
        self.demo = demo
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = auth
        if key:
            self.session.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.demo.url + path, timeout=30, allow_redirects=False, **options)

    def post(self, path: str, body: Any, timeout: float = 10) -> requests.Response:
        return self.session.post(self.demo.url + path, json=body, timeout=timeout)

    def delete(self, path: str) -> requests.Response:
        return self.session.delete(self.demo.url + path, timeout=30)

    def ask(self, content: str, n_slides: int | None = 2) -> dict[str, Any]:
        """The task that was begun."""
        return self._json(self.post(GENERATE_ASYNC, {"content": content, "n_slides": n_slides}))

    def task(self, task: dict[str, Any]) -> dict[str, Any]:
        return self._json(self.get(STATUS + task["id"]))

    def ended(self, task: dict[str, Any]) -> dict[str, Any]:
        return eventually(lambda: self._if_ended(task))

    def _if_ended(self, task: dict[str, Any]) -> dict[str, Any]:
        seen = self.task(task)
        return seen if seen["status"] in ("completed", "error") else {}

    def listed(self) -> list[dict[str, Any]]:
        decks: list[dict[str, Any]] = self.get(ALL).json()
        return decks

    def made(self, content: str, n_slides: int = 2) -> dict[str, Any]:
        """Where the deck is, once it is made."""
        return self._json(self.post(GENERATE, {"content": content, "n_slides": n_slides}))

    def _json(self, answer: requests.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


Start = Callable[..., Caller]


def titles(file: bytes) -> list[str]:
    deck = open_presentation(io.BytesIO(file))
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def pages(file: bytes) -> list[str]:
    """The text of each page of a PDF."""
    with PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]
