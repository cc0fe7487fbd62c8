"""A presentation that a thread has claimed: its row, and the only way to write that while it is being made."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from presentations import lifecycle
from presentations.database.models import COMPLETE, ERROR, PROCESSING, Presentation
from presentations.jobs import PRESENTATIONS, Claim, LeaseLost, Stopped, WorkerContext
from presentations.keeping import keep_made
from presentations.presenton import Cause, Deck
from presentations.telemetry.metrics import ENDED, GENERATION, QUEUE_WAIT

T = TypeVar("T")

log = logging.getLogger("presentations.generation")

_LONGEST_PAUSE = 30.0


class Claimed:
    """One claim on one presentation. `row` is as it last stood."""

    def __init__(self, context: WorkerContext, claim: Claim) -> None:
        self.context = context
        self.lease = claim.lease
        self.row: Presentation = claim.row
        self._engine = context.engine(PRESENTATIONS)
        self._epoch = claim.now - timedelta(seconds=time.monotonic())
        self._pause = 0.0
        self.others_wait = claim.others_wait
        """Whether any of its teacher's may have waited for it to be claimed."""
        if self.row.attempts == 0 and self.row.claims == 1 and self.row.started_at:
            QUEUE_WAIT.observe((self.row.started_at - self.row.asked_at).total_seconds())

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.row.status != PROCESSING

    def save(self, **values: Any) -> None:
        """Write to the row. Raises LeaseLost, or Stopped while the database is away."""
        self._take_over(self._written(self._engine.leases.save, values))

    def let_next_in(self) -> None:
        """Have its teacher's next one enter the queue in its place."""
        self.context.when_database_answers(self._engine.let_next_in, self.row.user_id)

    def complete(self, deck: Deck) -> None:
        """End it: `deck` is what was asked for. Its file is kept before anybody can want it.

        Raises LeaseLost or Stopped.
        """
        try:
            keep_made(self.context, self.row, self.lease, deck)
        except Stopped:
            # Nobody else can get what a long call gave; the file, anybody can.
            if not self.lease.is_in_one_long_call:
                raise
        self._end(lifecycle.completed(deck, self.row), "complete: %s", deck.id)

    def propose(self, slides: Sequence[str]) -> None:
        """End this claim: an outline of these slides, each in Markdown, waits for its teacher."""
        self._leave(lifecycle.outlined(slides), "its outline waits for its teacher: %d slides", len(slides))

    def fail(self, sentence: str, detail: str, cause: Cause | None = None) -> None:
        """End it: `sentence` is for its teacher, `detail` for admins, `cause` for the overview."""
        self._end(lifecycle.failed(sentence, detail, cause), "failed: %s", detail)

    def fail_for_now(self, sentence: str, detail: str, cause: Cause | None = None) -> None:
        """The same, where a retry goes on with what Presenton may still know of it."""
        self._end(lifecycle.failed_for_now(sentence, detail, cause), "failed: %s", detail)

    def _end(self, values: Mapping[str, Any], message: str, *args: object) -> None:
        self._leave(values, message, *args)
        ENDED.labels(self.row.status).inc()
        if self.row.status == COMPLETE:
            GENERATION.observe(self.age(self.row.started_at))

    def _leave(self, values: Mapping[str, Any], message: str, *args: object) -> None:
        saved, others_wait = self._written(self._engine.leases.end, values)
        self._take_over(saved)
        self.log(message, *args)
        if others_wait:
            self.let_next_in()

    def _written(self, write: Callable[..., T], values: Mapping[str, Any]) -> T:
        while True:
            try:
                return self.context.when_database_answers(write, self.lease, **values)
            except Stopped:
                # Nobody else can get what a long call gave.
                if not self.lease.is_in_one_long_call:
                    raise
                time.sleep(1)

    def _take_over(self, saved: Mapping[str, Any]) -> None:
        for name, value in saved.items():
            setattr(self.row, name, value)

    @property
    def has_failed(self) -> bool:
        """Whether it ended as error."""
        return self.row.status == ERROR

    def wait(self, seconds: float | None) -> None:
        """Wait so long, or until there is news. Raises Stopped when the worker stops, LeaseLost when it is not ours."""
        self.lease.news.wait(seconds)
        self.lease.news.clear()  # before what it may be about is looked at
        if self.context.stopping.is_set():
            raise Stopped
        if self.lease.is_lost:
            raise LeaseLost

    def wait_longer(self) -> None:
        """Wait, each time twice as long as before, until Presenton has answered."""
        self._pause = min(_LONGEST_PAUSE, max(self.context.settings.poll_interval, 2 * self._pause))
        self.wait(self._pause)

    def wait_before_attempt(self) -> None:
        """Wait before Presenton is asked once more: each time four times as long, for it may have cost something."""
        self.wait(min(_LONGEST_PAUSE, self.context.settings.poll_interval * 4**self.row.attempts))

    def answered(self) -> None:
        """Presenton gave a usable answer."""
        self._pause = 0.0
        self.context.outages.over("Presenton")
        if self.row.fault_since is not None and not self.is_over:
            self.save(**lifecycle.FAULT_OVER)

    def now(self) -> datetime:
        """The time on the database's clock."""
        return self._epoch + timedelta(seconds=time.monotonic())

    def age(self, moment: datetime | None) -> float:
        """Seconds since `moment`; 0 for None."""
        return (self.now() - moment).total_seconds() if moment else 0.0

    def log(self, message: str, *args: object) -> None:
        """One line, whatever Presenton's words hold."""
        log.info("presentation %s: %s", self.row.id, " ".join((message % args).split()))
