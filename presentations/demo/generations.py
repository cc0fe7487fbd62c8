"""Generations at work, in the order in which they were asked for."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from pathlib import Path

from presentations.demo.asked import Asked
from presentations.demo.counts import Counts
from presentations.demo.decks import Decks
from presentations.demo.failures import CAUSES, Failure, marked_failure
from presentations.demo.filenames import titled_file_name, unique_file_name
from presentations.demo.generation import HOLDS, Generation
from presentations.demo.progress import COMPLETED, Moment
from presentations.demo.releases import Release
from presentations.demo.tasks import Tasks
from presentations.demo.writing import USUAL_SLIDES


class Generations:
    """Safe to use from any thread.

    A restart forgets the tasks and ends what was at work. With a `folder` for the tasks they are known again
    afterwards, and those that were at work stay as they were for ever: so it is with Presenton. `survivors` are the
    tasks of a server that was killed.
    """

    def __init__(
        self,
        release: Release,
        decks: Decks,
        counts: Counts,
        seconds_per_slide: float,
        folder: Path | None,
        survivors: list[Generation],
    ) -> None:
        self._release = release
        self._decks = decks
        self._counts = counts
        self._seconds_per_slide = seconds_per_slide
        self._tasks = Tasks(folder, survivors)
        self._changed = threading.Condition(threading.RLock())
        self._is_closed = False
        self._working: list[Generation] = []
        self.hold_at: str | None = None
        """Where new generations stop and wait, one of HOLDS."""

    def begin(
        self, asked: Asked, is_stuck: bool = False, failure: Failure | None = None, words: Iterable[str] = ()
    ) -> Generation:
        with self._changed:
            self.settle()
            was_begun = bool(self._counts.accepted_of(asked.content))
            generation = Generation(
                asked,
                seconds=self._seconds_per_slide * (asked.n_slides or USUAL_SLIDES),
                counted_by=self._release.counted_by,
                failure=failure or marked_failure(asked.content, was_begun),
                words=tuple(words),
                held_at=HOLDS[0] if is_stuck else self.hold_at,
                stops_after=0 if is_stuck else math.inf,
            )
            self._tasks.add(generation)
            self._working.append(generation)
            self._counts.note_generation(asked.content, len(self._working))
        return generation

    def find(self, task_id: str) -> Generation | None:
        with self._changed:
            return self._tasks.get(task_id)

    def all(self) -> list[Generation]:
        """Those whose tasks are known, in the order in which they were asked for."""
        with self._changed:
            return self._tasks.all()

    def held(self) -> list[Generation]:
        """Those that wait, in the order in which they were asked for."""
        with self._changed:
            return [generation for generation in self._working if generation.held_at and not generation.is_stuck]

    def let_go(self, generation: Generation, cause: str | None = None) -> None:
        """Let this one go on; or fail, for one of the CAUSES. Nothing happens unless it is held."""
        with self._changed:
            if generation in self.held():
                generation.let_go(CAUSES[cause](self._release) if cause else None)
                self.settle()
                self._changed.notify_all()

    def wait_for(self, generation: Generation) -> Moment | None:
        """How it ended; None if the server stops before that."""
        with self._changed:
            while not self._is_closed and not generation.moment.is_last:
                self._changed.wait(generation.seconds_left)
            self.settle()
            return None if self._is_closed else generation.moment

    def settle(self) -> None:
        """Put decks whose time has come into the list, and let go of what has ended."""
        with self._changed:
            if self._is_closed:
                return
            shown = [(generation, generation.moment) for generation in self._working]
            for generation, moment in shown:
                self._settle(generation, moment)
            self._working = [generation for generation, moment in shown if not moment.is_last]

    def _settle(self, generation: Generation, moment: Moment) -> None:
        if moment.has_deck and not generation.is_listed:
            self._decks.add(generation.make_deck())
            generation.is_listed = True
        if moment.message == COMPLETED and self._decks.get(generation.presentation_id):
            self._decks.export(generation.presentation_id, self.file_name(generation))
        if moment.is_last:
            self._tasks.keep(generation)

    def file_name(self, generation: Generation) -> str:
        return self.name_file(generation.title, generation.presentation_id, generation.asked.export_as)

    def name_file(self, title: str, deck_id: str, export_as: str) -> str:
        if self._release.is_file_named_by_title:
            return titled_file_name(title, export_as)
        return unique_file_name(title, deck_id, export_as)

    def forget_tasks(self) -> None:
        """No task is known any more; the decks at work are made all the same."""
        with self._changed:
            self._tasks.forget()

    def freeze(self) -> None:
        """What is at work now never changes any more."""
        with self._changed:
            self.settle()
            for generation in self._working:
                generation.stops_after = generation.elapsed

    def close(self) -> None:
        """End what is at work."""
        with self._changed:
            self.freeze()
            self._is_closed = True
            for generation in self._working:
                self._tasks.keep(generation)
            self._changed.notify_all()
