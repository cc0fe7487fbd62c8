"""Presentons that answer only when the deck is made: the call is drained, found again, or given up."""

from __future__ import annotations

import signal
from collections.abc import Callable

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended, status_of
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]


def in_one_long_call(library: Library, start_worker: StartWorker, **changed: str) -> tuple[Process, Presentation]:
    worker = start_worker(PRESENTON_MODE="sync", **changed)
    asked = library.create("alice", "Photosynthesis", 50)
    worker.wait_for(str(asked.id), "one long call")
    return worker, asked


def test_a_long_call_that_dies_with_its_worker_is_found_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    worker, asked = in_one_long_call(library, start_worker)
    # The worker says so before it asks: one that dies in between leaves nothing to be found.
    eventually(lambda: demo.generations_of("Photosynthesis"))
    worker.kill()
    start_worker(PRESENTON_MODE="sync")
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert demo.generations_of("Photosynthesis") == 1


def test_a_stopping_worker_waits_for_its_long_call(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    worker, asked = in_one_long_call(library, start_worker)
    assert worker.stop() == 0
    made = library.get(None, asked.id)
    assert made.status == "complete"
    assert made.presenton_path


def test_a_second_signal_ends_the_wait(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    demo.faults.add("hang", path="generate")
    worker, asked = in_one_long_call(library, start_worker)
    worker.send(signal.SIGTERM)
    worker.wait_for("waiting up to")
    assert worker.stop() == 0
    now = library.get(None, asked.id)
    assert now.status == "pending"
    assert now.unanswered_since


def test_a_long_call_that_is_cancelled_is_not_revived(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    worker, asked = in_one_long_call(library, start_worker)
    library.cancel("alice", asked.id)
    worker.wait_for(str(asked.id), "no longer ours")
    assert status_of(library, asked) == "cancelled"
    library.retry("alice", asked.id)
    assert ended(library, asked)[0].status == "complete"
    assert demo.generations_of("Photosynthesis") == 1


def test_a_long_call_cancelled_long_ago_is_found_by_a_retry(
    library: Library, database: Database, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    worker, asked = in_one_long_call(library, start_worker)
    library.cancel("alice", asked.id)
    worker.wait_for(str(asked.id), "no longer ours")
    asked_at = library.get(None, asked.id).submit_started_at
    assert library.retry("alice", asked.id).submit_started_at == asked_at
    assert ended(library, asked)[0].status == "complete"
    assert demo.generations_of("Photosynthesis") == 1


def test_an_old_release_that_fails_is_asked_three_times(
    library: Library, start_demo: StartDemo, start_worker: StartWorker
) -> None:
    demo = start_demo(release="0.5")
    start_worker(PRESENTON_URL=demo.url)
    failed = ended(library, library.create("alice", "[[fail=1]]", 2))[0]
    assert (failed.status, failed.attempts) == ("error", 3)
    assert demo.generations_of("[[fail=1]]") == 3
