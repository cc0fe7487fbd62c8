"""One generation. It has no thread: what it shows is computed from the clock when somebody looks."""

from __future__ import annotations

import math
import secrets
import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from presentations.demo.asked import Asked
from presentations.demo.decks import Deck
from presentations.demo.failures import Failure
from presentations.demo.progress import QUEUED, Moment, moment_at, plan
from presentations.demo.writing import USUAL_SLIDES, slides_for, title_for

HOLDS = ("slides", "export")
"""Where a generation can be held: before its deck is there, or with its deck there and its file not yet."""


@dataclass
class Generation:
    asked: Asked
    seconds: float
    counted_by: int = 1
    failure: Failure | None = None
    words: tuple[str, ...] = ()
    """The paragraphs of its files."""
    held_at: str | None = None
    """One of HOLDS: it comes no further than that until it is let go."""
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

    @property
    def title(self) -> str:
        return title_for(self.asked)

    @cached_property
    def moments(self) -> list[Moment]:
        return plan(self.n_slides, self.asked.n_slides, self.seconds, self.counted_by, self.failure)

    @property
    def is_stuck(self) -> bool:
        return self.stops_after < math.inf

    @property
    def elapsed(self) -> float:
        return min(time.monotonic() - self.started, self.stops_after)

    @property
    def moment(self) -> Moment:
        """What it shows now."""
        if not self.held_at:
            return moment_at(self.moments, self.elapsed)
        return moment_at([moment for moment in self.moments if not self._is_beyond_hold(moment)], self.elapsed)

    def _is_beyond_hold(self, moment: Moment) -> bool:
        if self.held_at == "export":
            return moment.is_last
        return self.held_at == "slides" and (moment.has_deck or moment.is_last)

    @property
    def seconds_left(self) -> float | None:
        """None if it will not end by itself."""
        last = self.moments[-1].at
        return max(0, last - self.elapsed) if self.stops_after >= last and not self.held_at else None

    def let_go(self, failure: Failure | None) -> None:
        """Go on from the hold, at once to where it would be by now; or fail."""
        if failure:
            self.failure = failure
            del self.moments
        now = self.elapsed
        self.moments = [
            replace(moment, at=max(moment.at, now)) if self._is_beyond_hold(moment) else moment
            for moment in self.moments
        ]
        self.held_at = None

    def make_deck(self) -> Deck:
        made_at = self._utc(next(moment.at for moment in self.moments if moment.has_deck))
        return Deck(
            id=self.presentation_id,
            content=self.asked.content,
            language=self.asked.language,
            title=self.title,
            tone=self.asked.tone,
            verbosity=self.asked.verbosity,
            template=self.asked.template,
            n_slides=self.n_slides,
            created_at=made_at,
            updated_at=made_at,
            slides=slides_for(self.asked, self.words),
        )

    def begun_at(self) -> str:
        return self._utc(0)

    def changed_at(self, moment: Moment) -> str:
        """When this moment came, as Presenton writes it: at first in UTC, later in the server's own time zone."""
        if moment.message == QUEUED:
            return self._utc(0)
        return _naive((self.created_at + timedelta(seconds=moment.at)).astimezone())

    def _utc(self, elapsed: float) -> str:
        return _naive(self.created_at + timedelta(seconds=elapsed))


def _naive(moment: datetime) -> str:
    """Without saying which time zone it is in, as Presenton has it."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")
