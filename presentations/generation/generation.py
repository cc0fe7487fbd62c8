"""The RQ job: one presentation from its claim to its end.

A worker that dies, stops or loses its lease anywhere in here leaves a row from which the next one goes on: Presenton's
task id, or the time at which an unanswered call was made, is committed before anything is waited for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from presentations.database.models import COMPLETE, ERROR, Presentation
from presentations.generation.abandoned import keep_place, remember_task
from presentations.generation.lost_answers import free_decks
from presentations.generation.outcomes import (
    AGAIN_AND_AGAIN,
    ENDED,
    LOOKING,
    NO_ANSWER,
    NOT_LET_IN,
    NOT_MADE,
    REFUSED,
    TOO_LONG,
    completed,
)
from presentations.jobs import Entry, Lease, LeaseLost, Stopped, Workshop, admit, current_workshop, enter
from presentations.options import Order
from presentations.presenton import (
    Deck,
    Failed,
    NoAsynchronousCall,
    NotLetIn,
    Passing,
    PresentonError,
    Refused,
    Task,
    Unanswered,
    UnknownTask,
)
from presentations.telemetry import logs
from presentations.telemetry.metrics import ENDED as ENDED_COUNT
from presentations.telemetry.metrics import GENERATION, QUEUE_WAIT

log = logging.getLogger(__name__)

# A worker that dies over the same presentation again and again is stopped by this.
MAX_CLAIMS = 10
_LONGEST_PAUSE = 30.0


class GenerationFailed(Exception):
    """The presentation ended as error; its row says why. Nothing that anybody typed stands in here."""


def make_presentation(presentation_id: str) -> None:
    """The RQ job: make one presentation, or go on with it. Raises GenerationFailed, for rq-dashboard to show."""
    workshop = current_workshop.get()
    try:
        claimed = workshop.when_database_answers(workshop.leases.claim, UUID(presentation_id))
    except Stopped:
        return
    if claimed is None:
        log.info("presentation %s: nothing to do: somebody else was first, or the line is paused", presentation_id)
        return
    generation = Generation(workshop, *claimed)
    try:
        has_failed = generation.run()
    finally:
        # What a stopping worker still holds is handed back, all at once.
        if not workshop.stopping.is_set():
            workshop.leases.drop(generation.lease)
    if has_failed:
        raise GenerationFailed("The presentation ended as error; its row says why.")


class Generation:
    """One claim on one presentation, from where the last one left off."""

    def __init__(self, workshop: Workshop, lease: Lease, row: Presentation, now: datetime) -> None:
        self.lease = lease
        self._workshop = workshop
        self._presenton = workshop.presenton
        self._settings = workshop.settings
        self._row = row
        self._order = _order(row)
        self._epoch = now - timedelta(seconds=time.monotonic())
        self._pause = 0.0
        self._is_over = False
        self._has_failed = False

    def run(self) -> bool:
        """Work until it is over, or until this worker stops or loses it. True when it ended as error."""
        with logs.about(self._row.id, self._row.request_id):
            return self._run()

    def _run(self) -> bool:
        if self._row.attempts == 0 and self._row.claims == 1 and self._row.started_at:
            QUEUE_WAIT.observe((self._row.started_at - self._row.asked_at).total_seconds())
        self._log("taken up again" if self._row.presenton_task_id else "started")
        try:
            self._work()
        except Stopped:
            self._log("left for the next worker")
        return self._has_failed

    def _work(self) -> None:
        try:
            self._let_next_in()
            if self._row.claims > MAX_CLAIMS:
                self._fail(AGAIN_AND_AGAIN, f"{MAX_CLAIMS} claims in vain", **self._resumable())
            while not self._is_over:
                self._bear(self._step)
        except LeaseLost:
            self._keep_place()

    def _step(self) -> None:
        row = self._row
        if row.presenton_task_id:
            self._follow(row.presenton_task_id)
        elif row.unanswered_since:
            self._look_for_deck()
        elif row.attempts >= self._settings.max_attempts:
            self._fail(
                f"The slide generator lost it {row.attempts} times. Trying again usually helps.",
                row.error_detail or "every attempt was lost",
            )
        elif self._presenton.is_asked_blocking:
            self._generate()
        else:
            self._submit()

    def _bear(self, step: Callable[[], None]) -> None:
        """Take a step; what passes is waited for, what lasts ends the presentation."""
        try:
            step()
        except Passing as error:
            self._wait_out(error)
        except NotLetIn as error:
            self._fail(NOT_LET_IN, str(error), **self._resumable())
        except Refused as error:
            self._fail(REFUSED, str(error), **self._resumable())

    def _submit(self) -> None:
        self._save(**self._asked())
        try:
            task = self._presenton.submit(self._order)
        except Unanswered as error:
            self._log("asked Presenton, whose answer never came: %s", error)
            self._save(fault_since=None, message=LOOKING)
            return
        except (Passing, Refused) as error:
            self._save(**self._not_taken())
            if not isinstance(error, NoAsynchronousCall) or not self._presenton.is_asked_blocking:
                raise
            return
        self._log("asked Presenton (attempt %d): %s", self._row.attempts, task.id)
        taken = {"presenton_task_id": task.id, "unanswered_since": None, "fault_since": None, "claims": 0}
        try:
            self._save(**taken, **_progress(task))
        except LeaseLost:
            # Cancelled while Presenton was being asked; a retry is to find the task.
            row = self._row
            remembered = (self._workshop.database, row.id, row.submit_started_at, task)
            self._workshop.when_database_answers(remember_task, *remembered)
            raise
        self._answered()

    def _generate(self) -> None:
        limit = self._settings.generation_limit(self._row.n_slides)
        self._save(**self._asked(), message="Writing")
        self._log("asked Presenton in one long call (attempt %d)", self._row.attempts)
        self.lease.is_in_one_long_call = True
        try:
            deck = self._presenton.generate(self._order, limit)
        except Unanswered as error:
            self._log("the long call was lost: %s", error)
            self._save(fault_since=None, message=LOOKING)
        except (Passing, Refused):
            self._save(**self._not_taken())
            raise
        except Failed as error:
            self._failed_attempt(error)
        else:
            self._complete(deck)
            self._answered()
        finally:
            self.lease.is_in_one_long_call = False

    def _failed_attempt(self, error: Failed) -> None:
        # Old releases answer every error of the long call with 500, so some of these pass.
        self._log("attempt %d failed: %s", self._row.attempts, error)
        self._save(unanswered_since=None, fault_since=None, error_detail=str(error), message="Trying again")
        if self._row.attempts >= self._settings.max_attempts:
            self._fail(NOT_MADE, str(error))
        else:
            self._wait(self._longer_pause())

    def _follow(self, task_id: str) -> None:
        try:
            task = self._presenton.task(task_id)
        except UnknownTask as error:
            self._forget_task(f"Presenton no longer knows {task_id}: {error}")
            return
        self._answered()
        if task.failure is not None:
            self._fail(NOT_MADE, task.failure)
        elif task.is_completed:
            self._finish(task)
        elif task.mark != self._row.progress_mark:
            self._save(**_progress(task), progress_at=self._now(), claims=0)
        elif self._age(self._row.progress_at) > self._settings.stall_limit(self._row.n_slides):
            self._forget_task(f"nothing has changed in {task_id} for {self._age(self._row.progress_at):.0f} s")
        if not self._is_over:
            self._stop_if_too_long()
            self._wait(self._settings.poll_interval)

    def _finish(self, task: Task) -> None:
        if task.deck:
            self._complete(task.deck)
        else:  # releases 0.9.0 to 0.9.3 do not say which one it is
            self._save(presenton_task_id=None, unanswered_since=self._now(), **_progress(task))

    def _look_for_deck(self) -> None:
        since = self._row.submit_started_at or self._now()
        decks = self._presenton.decks(self._order, since)
        self._answered()
        if self._workshop.when_database_answers(self._take_one, decks):
            return
        if self._age(self._row.unanswered_since) > self._settings.lost_call_wait:
            self._log("Presenton has no deck of the unanswered call; asking again")
            self._save(unanswered_since=None)
        else:
            self._wait(self._longer_pause())

    def _take_one(self, decks: list[Deck]) -> bool:
        """Complete with the first deck that is nobody else's."""
        with self._workshop.database.begin() as session:
            session.execute(select(func.pg_advisory_xact_lock(_DECK_LOCK)))
            free = free_decks(session, self._row, decks)
            if free:
                self._workshop.leases.write(session, self.lease, **completed(free[0], self._row))
        if free:
            self._over(COMPLETE, "complete: found as %s", free[0].id)
        return bool(free)

    def _complete(self, deck: Deck) -> None:
        self._save(**completed(deck, self._row))
        self._over(COMPLETE, "complete: %s", deck.id)

    def _fail(self, sentence: str, detail: str, **kept: Any) -> None:
        self._save(**{**ENDED, "status": ERROR, "error": sentence, "error_detail": detail, **kept})
        self._has_failed = True
        self._over(ERROR, "failed: %s", detail)

    def _resumable(self) -> dict[str, Any]:
        """What Presenton may still know of it, for a retry to go on with."""
        kept = ("presenton_id", "presenton_task_id", "unanswered_since")
        return {name: getattr(self._row, name) for name in kept}

    def _over(self, outcome: str, message: str, *args: object) -> None:
        self._is_over = True
        ENDED_COUNT.labels(outcome).inc()
        if outcome == COMPLETE:
            GENERATION.observe(self._age(self._row.started_at))
        self._log(message, *args)

    def _stop_if_too_long(self) -> None:
        limit = self._settings.generation_limit(self._row.n_slides)
        if self._age(self._row.submit_started_at) > limit:
            self._fail(TOO_LONG, f"not done after {limit:.0f} s")

    def _forget_task(self, why: str) -> None:
        self._log("%s", why)
        forgotten = {"presenton_task_id": None, "presenton_id": None, "progress_mark": None}
        self._save(**forgotten, error_detail=why, message="Starting over")

    def _wait_out(self, error: PresentonError) -> None:
        self._workshop.outages.note("Presenton", error)
        if self._row.fault_since is None:
            self._save(fault_since=self._now(), message="The slide generator does not answer; trying again")
        elif self._age(self._row.fault_since) > self._settings.give_up_after:
            self._fail(NO_ANSWER, str(error), **self._resumable())
            return
        self._wait(self._longer_pause())

    def _answered(self) -> None:
        self._pause = 0.0
        self._workshop.outages.over("Presenton")
        if self._row.fault_since is not None and not self._is_over:
            # The clock for standing still begins anew: nobody could see whether anything changed.
            self._save(fault_since=None, progress_at=self._now(), message=None, progress_mark=None)

    def _let_next_in(self) -> None:
        def admitted() -> Sequence[Entry]:
            with self._workshop.database.begin() as session:
                return admit(session, self._row.user_id)

        enter(self._workshop.database, self._workshop.line, self._workshop.when_database_answers(admitted))

    def _keep_place(self) -> None:
        limit = self._settings.generation_limit(self._row.n_slides) - self._age(self._row.submit_started_at)
        stall = self._settings.stall_limit(self._row.n_slides)
        if keep_place(self._workshop, self._row.id, self._row.presenton_task_id, limit, stall):
            self._log("cancelled; its place is free again")
        else:
            self._log("left: it is no longer ours")

    def _asked(self) -> dict[str, Any]:
        """To be committed before Presenton is asked: should the answer never come, its deck is looked for."""
        now = self._now()
        times = {"submit_started_at": now, "progress_at": now, "unanswered_since": now}
        return {"attempts": self._row.attempts + 1, **times}

    def _not_taken(self) -> dict[str, Any]:
        return {"attempts": self._row.attempts - 1, "unanswered_since": None}

    def _save(self, **values: Any) -> None:
        while True:
            try:
                self._workshop.when_database_answers(self._workshop.leases.save, self.lease, **values)
                break
            except Stopped:
                # Nobody else can get what a long call gave.
                if not self.lease.is_in_one_long_call:
                    raise
            time.sleep(1)
        for name, value in values.items():
            setattr(self._row, name, value)

    def _wait(self, seconds: float) -> None:
        self.lease.news.wait(seconds)
        if self._workshop.stopping.is_set():
            raise Stopped
        if self.lease.is_lost:
            raise LeaseLost

    def _longer_pause(self) -> float:
        self._pause = min(_LONGEST_PAUSE, max(self._settings.poll_interval, 2 * self._pause))
        return self._pause

    def _now(self) -> datetime:
        """The time on the database's clock."""
        return self._epoch + timedelta(seconds=time.monotonic())

    def _age(self, moment: datetime | None) -> float:
        return (self._now() - moment).total_seconds() if moment else 0.0

    def _log(self, message: str, *args: object) -> None:
        # Presenton's words may have many lines.
        log.info("presentation %s: %s", self._row.id, " ".join((message % args).split()))


_DECK_LOCK = 723602


def _progress(task: Task) -> dict[str, Any]:
    return {
        "presenton_id": task.deck_id,
        "message": task.message,
        "slides_done": task.slides_done,
        "slides_total": task.slides_total,
        "progress_mark": task.mark,
    }


def _order(row: Presentation) -> Order:
    return Order(
        topic=row.topic,
        n_slides=row.n_slides,
        language=row.language,
        tone=row.tone,
        template=row.template,
        instructions=row.instructions,
        verbosity=row.verbosity,
        export_as=row.export_as,
    )
