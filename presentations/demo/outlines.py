"""Outlines that are being written for drafts: each for one call that reads it, and only as long as that one reads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from presentations.demo.asked import Asked
from presentations.demo.failures import CAUSES, Failure
from presentations.demo.releases import Release

# The part of the time for a slide in which its part of the outline is written.
_PART = 0.25


@dataclass(eq=False)
class Outline:
    """A call for an outline; its draft has it only when the call was read to its end."""

    draft_id: str
    asked: Asked
    is_held: bool = False
    failure: Failure | None = None
    is_over: bool = False
    """However it ended."""


class Outlines:
    """Safe to use from any thread."""

    def __init__(self, release: Release, seconds_per_slide: float) -> None:
        self._release = release
        self._seconds = seconds_per_slide * _PART
        self._changed = threading.Condition()
        self._outlines: list[Outline] = []
        self._is_closed = False
        self.are_held = False
        """Whether new ones wait before they end."""

    def begin(self, draft_id: str, asked: Asked, failure: Failure | None) -> Outline:
        with self._changed:
            outline = Outline(draft_id, asked, self.are_held, failure)
            self._outlines.append(outline)
        return outline

    def end(self, outline: Outline) -> None:
        with self._changed:
            outline.is_over = True

    def all(self) -> list[Outline]:
        """In the order in which they were asked for."""
        with self._changed:
            return list(self._outlines)

    def held(self) -> list[Outline]:
        return [outline for outline in self.all() if outline.is_held and not outline.is_over]

    def let_go(self, outline: Outline, cause: str | None) -> None:
        """Let this one end; or fail, for one of the CAUSES."""
        with self._changed:
            outline.failure = CAUSES[cause](self._release) if cause else outline.failure
            outline.is_held = False
            self._changed.notify_all()

    def write_part(self) -> bool:
        """Take the time for one slide. False if the server stops."""
        end = time.monotonic() + self._seconds
        return self._wait(lambda: time.monotonic() >= end, self._seconds)

    def wait_for(self, outline: Outline) -> bool:
        """Wait while it is held. False if the server stops."""
        return self._wait(lambda: not outline.is_held, None)

    def _wait(self, is_over: Callable[[], bool], seconds: float | None) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or is_over(), seconds)
            return not self._is_closed

    def close(self) -> None:
        """The server stops: what is being written comes to nothing."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
