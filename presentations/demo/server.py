"""The demo as a server: `with DemoPresenton(folder, seconds_per_slide=0.1) as demo: requests.get(demo.url)`."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from presentations.demo.app import create_app
from presentations.demo.connections import HOST, Server
from presentations.demo.counts import Counts
from presentations.demo.decks import Decks
from presentations.demo.faults import Faults
from presentations.demo.generations import Generations
from presentations.demo.releases import RELEASES
from presentations.demo.state import Credentials, State


class DemoPresenton:
    """A Presenton on loopback, in threads of its own.

    `faults` are what it is told to do wrong. Each start is a fresh one: decks are found again, tasks are not, unless
    `keep_tasks` asks for Presenton's own way, in which those at work stay pending for ever.
    """

    def __init__(
        self,
        data: Path,
        seconds_per_slide: float,
        port: int = 0,
        release: str = "latest",
        username: str | None = None,
        password: str | None = None,
        api_key: str | None = None,
        keep_tasks: bool = False,
    ) -> None:
        self._data = data
        self._seconds_per_slide = seconds_per_slide
        self._port = port
        self._release = RELEASES[release]
        self._credentials = Credentials(username, password, api_key)
        self._keep_tasks = keep_tasks
        self._counts = Counts()
        self.faults = Faults()
        self._server: Server | None = None

    def start(self) -> None:
        """Serve, on the same port as last time. Raises OSError if that is taken."""
        decks = Decks(self._data)
        tasks = self._data / "tasks" if self._keep_tasks else None
        generations = Generations(decks, self._counts, self._seconds_per_slide, tasks)
        state = State(self._release, self._credentials, decks, generations, self.faults, self._counts)
        self._server = Server(self._port, create_app(state), generations)
        self._port = self._server.port
        self.faults.generations = generations
        threading.Thread(target=self._server.serve_forever, name="demo", daemon=True).start()

    def stop(self) -> None:
        """Close every connection; what is at work comes to nothing."""
        if not self._server:
            return
        self._server.stop()
        self.faults.release()
        self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def most_at_once(self) -> int:
        """The highest number of generations that were at work at the same time."""
        return self._counts.most_at_once

    def requests_of(self, content: str) -> int:
        """How many generate calls came in for exactly this content, whatever became of them."""
        return self._counts.asked_of(content)

    def generations_of(self, content: str) -> int:
        """How many generations were begun for exactly this content."""
        return self._counts.accepted_of(content)
