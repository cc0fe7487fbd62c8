"""Decks wait while generations begin and end one after another, but not for ever, and none is lost by that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from presentations.database import Database
from presentations.jobs import PRESENTATIONS, Leases, WorkerContext, quick_redis
from presentations.keeping import DECKS
from presentations.library import Library
from presentations.presenton import Presenton
from presentations.settings import Settings
from presentations.worker import rush


class Pauses:
    """The event of a worker that stops, with a clock that goes on only while somebody waits for it."""

    def __init__(self, then: Callable[[], object]) -> None:
        self.now = 1000.0
        self.waits = 0
        self.is_stopping = False
        self._then = then

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        self.waits += 1
        self._then()
        return self.is_stopping


@pytest.fixture
def context(settings: Settings, database: Database, redis_url: str) -> WorkerContext:
    return WorkerContext(settings, database, quick_redis(redis_url), Presenton(settings), [PRESENTATIONS, DECKS])


def waited(context: WorkerContext, monkeypatch: pytest.MonkeyPatch, then: Callable[[Pauses], object]) -> float:
    """Seconds that are waited when a generation has just begun, with `then` after each pause."""
    pauses = Pauses(lambda: then(pauses))
    monkeypatch.setattr(context, "stopping", pauses)
    monkeypatch.setattr(rush, "time", pauses)
    context.engine(PRESENTATIONS).leases.moved_at = pauses.now
    rush.wait_out_rush(context)
    return pauses.now - 1000.0


def test_a_rush_is_waited_out_up_to_a_limit(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    leases = context.engine(PRESENTATIONS).leases
    assert waited(context, monkeypatch, lambda _: None) == pytest.approx(0.1)

    def move_until(pauses: Pauses) -> None:
        if pauses.waits < 7:
            leases.moved_at = pauses.now

    assert waited(context, monkeypatch, move_until) == pytest.approx(0.7)
    assert waited(context, monkeypatch, lambda pauses: setattr(leases, "moved_at", pauses.now)) == pytest.approx(5)


def test_a_worker_that_stops_waits_for_no_rush(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(pauses: Pauses) -> None:
        context.engine(PRESENTATIONS).leases.moved_at = pauses.now
        pauses.is_stopping = True

    assert waited(context, monkeypatch, stop) == pytest.approx(0.1)


def test_a_claim_and_its_end_are_a_move(library: Library, context: WorkerContext) -> None:
    leases: Leases = context.engine(PRESENTATIONS).leases
    asked = library.create("alice", "Photosynthesis")
    before = leases.moved_at
    claim = leases.claim(asked.id)
    assert claim
    begun = leases.moved_at
    leases.drop(claim.lease)
    assert before < begun < leases.moved_at
    assert leases.claim(asked.id) is None
