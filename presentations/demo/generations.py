"""Generations at work. None has a thread: what one shows is computed from the clock when somebody looks."""

from __future__ import annotations

import json
import math
import re
import secrets
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from presentations.demo.asked import Asked
from presentations.demo.counts import Counts
from presentations.demo.decks import Deck, Decks, file_name_of
from presentations.demo.outline import title_of, write_slides
from presentations.demo.progress import Moment, moment_at, plan

USUAL_SLIDES = 8
_FAILURE = re.compile(r"\[\[fail=(\d{1,2})(?::([45]\d\d))?( once)?\]\]")
_DETAILS = {
    400: "Failed to generate presentation outlines with requested number of slides. Please try again.",
    503: "Connection error.",
}


@dataclass(frozen=True)
class Failure:
    """Asked for in the content: [[fail=3]] at slide 3, [[fail=3:503]] with a status, [[fail=3 once]] but not again."""

    slide: int
    status: int

    @property
    def detail(self) -> str:
        return _DETAILS.get(self.status, "AI provider API request failed. Please try again.")


@dataclass
class Generation:
    asked: Asked
    seconds: float
    failure: Failure | None = None
    stops_after: float = math.inf
    """Seconds after which it never changes any more."""
    id: str = field(default_factory=lambda: f"task-{secrets.token_hex(32)}")
    presentation_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.monotonic)
    is_listed: bool = False

    @property
    def n_slides(self) -> int:
        return self.asked.n_slides or USUAL_SLIDES

    @cached_property
    def moments(self) -> list[Moment]:
        return plan(self.n_slides, self.asked.n_slides, self.seconds, self.failure.slide if self.failure else None)

    @property
    def elapsed(self) -> float:
        return min(time.monotonic() - self.started, self.stops_after)

    @property
    def moment(self) -> Moment:
        """What it shows now."""
        return moment_at(self.moments, self.elapsed)

    @property
    def seconds_left(self) -> float | None:
        """None if it will never end."""
        last = self.moments[-1].at
        return max(0, last - self.elapsed) if self.stops_after >= last else None

    @property
    def result(self) -> dict[str, str]:
        file_name = file_name_of(title_of(self.asked.content), self.presentation_id)
        return {
            "presentation_id": self.presentation_id,
            "path": f"/app_data/exports/{file_name}",
            "edit_path": f"/presentation?id={self.presentation_id}",
        }

    def utc(self, elapsed: float) -> str:
        """The time so many seconds after the start, as Presenton writes it: UTC, without saying so."""
        return _naive(self.created_at + timedelta(seconds=elapsed))

    def local(self, elapsed: float) -> str:
        """The same in the server's own time zone, without saying so: Presenton mixes the two."""
        return _naive((self.created_at + timedelta(seconds=elapsed)).astimezone())

    def make_deck(self) -> Deck:
        title = title_of(self.asked.content)
        wanted = asdict(self.asked)
        del wanted["n_slides"]
        made_at = next(moment.at for moment in self.moments if moment.has_deck)
        slides = write_slides(title, self.n_slides)
        return Deck(**wanted, id=self.presentation_id, title=title, created_at=self.utc(made_at), slides=slides)


def _naive(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


class Generations:
    """Safe to use from any thread.

    A restart forgets the tasks and ends what was at work. With a `folder` for the tasks they are known again
    afterwards, and those that were at work stay as they were for ever: so it is with Presenton.
    """

    def __init__(self, decks: Decks, counts: Counts, seconds_per_slide: float, folder: Path | None) -> None:
        self._decks = decks
        self._counts = counts
        self._seconds_per_slide = seconds_per_slide
        self._folder = folder
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._working: list[Generation] = []
        self._tasks = {} if folder is None else _read_tasks(folder)

    def begin(self, asked: Asked, is_stuck: bool) -> Generation:
        seconds = self._seconds_per_slide * (asked.n_slides or USUAL_SLIDES)
        with self._lock:
            self.settle()
            generation = Generation(asked, seconds, self._failure(asked.content), 0 if is_stuck else math.inf)
            self._tasks[generation.id] = generation
            self._working.append(generation)
            self._counts.note_generation(asked.content, len(self._working))
            self._keep(generation)
        return generation

    def _failure(self, content: str) -> Failure | None:
        match = _FAILURE.search(content)
        if not match or (match[3] and self._counts.accepted_of(content)):
            return None
        return Failure(int(match[1]), int(match[2] or 500))

    def find(self, task_id: str) -> Generation | None:
        with self._lock:
            return self._tasks.get(task_id)

    def wait_for(self, generation: Generation) -> Moment | None:
        """How it ended; None if the server stops before that."""
        while not generation.moment.is_last and not self._closed.wait(generation.seconds_left):
            pass
        self.settle()
        return None if self._closed.is_set() else generation.moment

    def settle(self) -> None:
        """Put decks whose time has come into the list, and let go of what has ended."""
        with self._lock:
            if self._closed.is_set():
                return
            shown = [(generation, generation.moment) for generation in self._working]
            for generation, moment in shown:
                if moment.has_deck and not generation.is_listed:
                    self._decks.add(generation.make_deck())
                    generation.is_listed = True
                if moment.is_last:
                    self._keep(generation)
            self._working = [generation for generation, moment in shown if not moment.is_last]

    def forget_tasks(self) -> None:
        """No task is known any more; the decks at work are made all the same."""
        with self._lock:
            self._tasks.clear()
            for file in self._folder.glob("*.json") if self._folder else ():
                file.unlink()

    def freeze(self) -> None:
        """What is at work now never changes any more."""
        with self._lock:
            self.settle()
            for generation in self._working:
                generation.stops_after = generation.elapsed

    def close(self) -> None:
        """End what is at work."""
        with self._lock:
            self.settle()
            self._closed.set()
            for generation in self._working:
                self._keep(generation)

    def _keep(self, generation: Generation) -> None:
        if self._folder and generation.id in self._tasks:
            kept = asdict(generation) | {"created_at": generation.created_at.isoformat(), "elapsed": generation.elapsed}
            (self._folder / f"{generation.id}.json").write_text(json.dumps(kept))


def _read_tasks(folder: Path) -> dict[str, Generation]:
    folder.mkdir(parents=True, exist_ok=True)
    kept = [json.loads(file.read_text()) for file in folder.glob("*.json")]
    return {task["id"]: _read_task(task) for task in kept}


def _read_task(kept: dict[str, Any]) -> Generation:
    """A task of an earlier run: it stays as it was."""
    return Generation(
        asked=Asked(**kept["asked"]),
        seconds=kept["seconds"],
        failure=Failure(**kept["failure"]) if kept["failure"] else None,
        stops_after=kept["elapsed"],
        id=kept["id"],
        presentation_id=kept["presentation_id"],
        created_at=datetime.fromisoformat(kept["created_at"]),
        started=-math.inf,
    )
