"""The demo as a server: `with DemoPresenton(folder, seconds_per_slide=0.1) as demo: requests.get(demo.url)`."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Flask

from presentations.demo.app import create_app
from presentations.demo.connections import HOST, Server
from presentations.demo.counts import Counts
from presentations.demo.credentials import USER_ID, Credentials
from presentations.demo.decks import Decks
from presentations.demo.faults import Faults
from presentations.demo.generation import HOLDS, Generation
from presentations.demo.generations import Generations
from presentations.demo.outlines import Outline, Outlines
from presentations.demo.people import People
from presentations.demo.releases import RELEASES
from presentations.demo.state import State
from presentations.demo.uploads import Uploads

# Seconds for a port to be free again: any connection of this machine may have been given it meanwhile.
_PORT_WAIT = 20.0
_OUTLINE = "outline"


class DemoPresenton:
    """A Presenton on loopback, in threads of its own.

    It serves on the socket with the number `fd`, which listens already, or else on `port`. `release` is one of
    RELEASES, `faults` are what it is told to do wrong, `people` make decks on its own pages. Each start is a fresh
    one: decks are found again, tasks are not, unless the server was killed or `keep_tasks` asks for Presenton's own
    way, in which those at work stay pending for ever.
    """

    def __init__(
        self,
        data: Path,
        seconds_per_slide: float = 0,
        port: int = 0,
        fd: int | None = None,
        release: str = "latest",
        username: str | None = None,
        password: str | None = None,
        api_key: str | None = None,
        keep_tasks: bool = False,
    ) -> None:
        self._data = data
        self._seconds_per_slide = seconds_per_slide
        self._port = port
        self._fd = fd
        self._release = RELEASES[release]
        self._credentials = Credentials(username, password, api_key)
        if self._credentials.are_needed and not self._release.logins:
            raise ValueError(f"release {release} asks nobody who they are: expected no credentials")
        self._keep_tasks = keep_tasks
        self._counts = Counts()
        self._survivors: list[Generation] = []
        self.faults = Faults()
        self._server: Server | None = None
        self._was_bound = False

    def start(self) -> None:
        """Serve, on the same port as last time; it is waited for, if somebody took it meanwhile. Raises OSError."""
        decks = Decks(self._data)
        tasks = self._data / "tasks" if self._keep_tasks else None
        self._generations = Generations(
            self._release, decks, self._counts, self._seconds_per_slide, tasks, self._survivors
        )
        self.people = People(decks)
        self._outlines = Outlines(self._release, self._seconds_per_slide)
        self._server = self._bound(create_app(self._state(decks)))
        self._port, self._was_bound = self._server.port, True
        self.faults.generations, self.faults.decks = self._generations, decks
        threading.Thread(target=self._server.serve_forever, name="demo", daemon=True).start()

    def _bound(self, app: Flask) -> Server:
        deadline = time.monotonic() + _PORT_WAIT
        while True:
            try:
                return Server(self._place(), app, self._generations, self._outlines)
            except OSError:
                if not self._was_bound or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _place(self) -> int | socket.socket:
        fd, self._fd = self._fd, None
        return self._port if fd is None else socket.socket(fileno=fd)

    def _state(self, decks: Decks) -> State:
        has_own_files = self._release.has_accounts and self._credentials.are_needed
        users_folder = f"users/{USER_ID}/" if has_own_files else ""
        self.faults.uploads = self._uploads = Uploads(self._data, users_folder)
        return State(
            release=self._release,
            credentials=self._credentials,
            decks=decks,
            generations=self._generations,
            uploads=self._uploads,
            outlines=self._outlines,
            people=self.people,
            faults=self.faults,
            counts=self._counts,
            users_folder=users_folder,
        )

    def stop(self) -> None:
        """Close every connection; what is at work comes to nothing."""
        if not self._server:
            return
        self._server.stop()
        self.faults.release()
        self._survivors = []
        self._server = None

    def kill(self) -> None:
        """Stop as after kill -9: connections are refused until the next start, and then tasks stand still for ever."""
        self.stop()
        self._survivors = self._generations.all()

    def hold(self, at: str = HOLDS[0]) -> None:
        """From now on each generation waits: before its deck is there ("slides"), or before its file is ("export").

        Or each outline does, before its stream ends ("outline").
        """
        if at not in (*HOLDS, _OUTLINE):
            raise ValueError(f"at: expected one of {', '.join((*HOLDS, _OUTLINE))}")
        if at == _OUTLINE:
            self._outlines.are_held = True
        else:
            self._generations.hold_at = at

    @property
    def held(self) -> list[Generation]:
        """Those that wait, in the order in which they were asked for."""
        return self._generations.held()

    @property
    def held_outlines(self) -> list[Outline]:
        """The same for outlines."""
        return self._outlines.held()

    def let_go(self, held: Generation | Outline, cause: str | None = None) -> None:
        """Let one that is held go on, or fail for one of the CAUSES. Where slides take no time it has ended then."""
        if isinstance(held, Outline):
            self._outlines.let_go(held, cause)
        else:
            self._generations.let_go(held, cause)

    def let_all_go(self) -> None:
        """Hold none any longer."""
        self._generations.hold_at = None
        self._outlines.are_held = False
        waiting: list[Generation | Outline] = [*self.held, *self.held_outlines]
        for held in waiting:
            self.let_go(held)

    @property
    def generations(self) -> list[Generation]:
        """Those whose tasks are known, in the order in which they were asked for: who asked which deck."""
        return self._generations.all()

    @property
    def outlines(self) -> list[Outline]:
        """Those that were asked for since the start, with what their drafts were created for."""
        return self._outlines.all()

    @property
    def uploads(self) -> list[str]:
        """The names of the files that it was given, as often as it was given them, and still has."""
        return self._uploads.names

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
