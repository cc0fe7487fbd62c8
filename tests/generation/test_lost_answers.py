"""Presenton was asked and nobody knows what it answered: looked for, and not asked for twice."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended, in_mid_generation
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_a_lost_answer_is_looked_for_and_not_asked_for_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("lose_answer", times=1)
    worker = start_worker(PRESENTON_MODE=mode)
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert made.presenton_id
    worker.wait_for("found as")
    assert demo.generations_of("Photosynthesis") == 1


def test_a_submit_that_was_lost_for_good_is_repeated(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("hang", path="generate", times=1)
    start_worker(LOST_CALL_WAIT="0.5", PRESENTON_READ_TIMEOUT="0.3")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts) == ("complete", 2)


def test_two_lost_answers_find_two_decks(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    demo.faults.add("lose_answer", times=2)
    start_worker(PRESENTON_MODE="sync")
    asked = [library.create(user, "Photosynthesis", 3) for user in ("alice", "bob")]
    made = ended(library, *asked)
    assert {one.status for one in made} == {"complete"}
    assert len({one.presenton_id for one in made}) == 2
    assert demo.generations_of("Photosynthesis") == 2


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_two_that_differ_in_their_text_alone_are_not_confused(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("lose_answer", times=2)
    start_worker(PRESENTON_MODE=mode)
    texts = ("Rain falls.", "Sea waits.")
    asked = [library.create("alice", "Water", text=text, keep_wording=True) for text in texts]
    made = ended(library, *asked)
    assert [one.status for one in made] == ["complete", "complete"]
    slides = {one.presentation_id: one.asked.slides_markdown for one in demo.generations}
    assert [slides[str(one.presenton_id)] for one in made] == [(text,) for text in texts]


def being_asked(library: Library, demo: DemoPresenton) -> Presentation:
    """A presentation for which Presenton is being asked, and slow to answer."""
    demo.faults.add("slow", path="generate", delay=2, times=1)
    asked = library.create("alice", "Photosynthesis", 3)
    eventually(lambda: demo.requests_of("Photosynthesis"))
    return asked


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_ends_while_presenton_is_being_asked(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, number: signal.Signals
) -> None:
    worker = start_worker()
    asked = being_asked(library, demo)
    worker.stop(number)
    start_worker()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert demo.generations_of("Photosynthesis") == 1


def test_cancelled_and_asked_for_again_while_presenton_is_being_asked(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    asked = being_asked(library, demo)
    library.cancel("alice", asked.id)
    library.retry("alice", asked.id)
    assert ended(library, asked)[0].status == "complete"
    assert demo.generations_of("Photosynthesis") == 1


def test_cancelled_while_presenton_is_being_asked_after_a_fault(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("status", status=503, path="generate", times=1)
    worker = start_worker(WORKER_THREADS="1")
    asked = being_asked(library, demo)
    eventually(lambda: demo.requests_of("Photosynthesis") == 2)
    library.cancel("alice", asked.id)
    worker.wait_for(str(asked.id), "its thread stays taken")
    assert library.get(None, asked.id).presenton_task_id
    library.retry("alice", asked.id)
    assert ended(library, asked)[0].status == "complete"
    assert demo.generations_of("Photosynthesis") == 1


def test_a_worker_that_was_frozen_asks_for_nothing_that_is_no_longer_its(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("status", status=503)
    frozen = start_worker(WORKER_THREADS="1")
    asked = library.create("alice", "Photosynthesis", 40)
    eventually(lambda: library.get(None, asked.id).fault_since)
    frozen.send(signal.SIGSTOP)
    try:
        start_worker(WORKER_THREADS="1").wait_for(str(asked.id), "its worker is gone")
        demo.faults.clear()
        in_mid_generation(library, asked)
    finally:
        frozen.send(signal.SIGCONT)
    assert ended(library, asked)[0].status == "complete"
    assert demo.generations_of("Photosynthesis") == 1


def test_a_lost_answer_does_not_take_another_teachers_deck(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    slow = start_worker(WORKER_THREADS="1", POLL_INTERVAL="3")
    of_alice = library.create("alice", "Photosynthesis", 10)
    slow.wait_for(str(of_alice.id), "asked Presenton")
    demo.faults.add("lose_answer", times=1)
    start_worker(WORKER_THREADS="1")
    of_bob = library.create("bob", "Photosynthesis", 10, instructions="For bob")
    made = ended(library, of_alice, of_bob)
    assert {one.status for one in made} == {"complete"}
    assert len({one.presenton_id for one in made}) == 2
    assert demo.generations_of("Photosynthesis") == 2
