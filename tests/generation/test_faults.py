"""Presenton slow, wrong, forgetful, away, or old: each presentation ends, and is asked for no more than needed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.processes import Process
from tests.support.waiting import eventually
from tests.worker.test_worker import ended, in_mid_generation, status_of

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[StartDemo]:
    """Demos of other releases, paces or credentials."""
    demos: list[DemoPresenton] = []

    def start(**how: Any) -> DemoPresenton:
        demos.append(DemoPresenton(tmp_path / f"demo{len(demos)}", **{"seconds_per_slide": 0.02, **how}))
        demos[-1].start()
        return demos[-1]

    yield start
    for demo in demos:
        demo.stop()


def test_a_forgetful_presenton_is_asked_a_second_time(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    asked = library.create("alice", "Photosynthesis", 40)
    in_mid_generation(library, asked)
    demo.stop()
    demo.start()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 2)
    assert demo.generations_of("Photosynthesis") == 2


def test_presenton_is_given_up_after_three_lost_attempts(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    asked = library.create("alice", "Photosynthesis", 50)
    for attempt in (1, 2, 3):
        eventually(lambda: library.get(None, asked.id).attempts == attempt)  # noqa: B023
        in_mid_generation(library, asked)
        demo.faults.add("forget_tasks")
    lost = ended(library, asked)[0]
    assert (lost.status, lost.attempts) == ("error", 3)
    assert lost.error == "The slide generator lost it 3 times. Trying again usually helps."
    library.retry("alice", asked.id)
    assert ended(library, asked)[0].status == "complete"


def test_presenton_is_away_for_a_while(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    demo.stop()
    worker = start_worker()
    asked = [library.create(user, "Photosynthesis", 3) for user in ("alice", "bob", "carol")]
    eventually(lambda: all("does not answer" in (library.get(None, one.id).message or "") for one in asked))
    demo.start()
    assert {(one.status, one.attempts) for one in ended(library, *asked)} == {("complete", 1)}
    assert len(worker.lines("Presenton is away")) == 1
    assert len(worker.lines("Presenton is back")) == 1


def test_a_worker_says_at_its_start_that_presenton_is_away(start_worker: StartWorker) -> None:
    start_worker(PRESENTON_URL="http://127.0.0.1:1").wait_for("Presenton is away", "Connection refused")


def test_a_worker_says_at_its_start_that_its_key_is_wrong(start_demo: StartDemo, start_worker: StartWorker) -> None:
    worker = start_worker(PRESENTON_URL=start_demo(api_key="sk-presenton-1").url, PRESENTON_API_KEY="wrong")
    worker.wait_for("Presenton is away", "check PRESENTON_API_KEY")


def test_presenton_goes_away_in_mid_generation(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    asked = library.create("alice", "Photosynthesis", 40)
    in_mid_generation(library, asked)
    demo.faults.add("status", status=502, html=True)
    eventually(lambda: library.get(None, asked.id).fault_since)
    demo.faults.clear()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts, made.fault_since) == ("complete", 1, None)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503, "times": 5},
        {"kind": "status", "status": 500, "html": True, "times": 5},
        {"kind": "status", "status": 429, "times": 5},
        {"kind": "rubbish", "form": "html", "path": "status", "times": 5},
        {"kind": "rubbish", "form": "truncated", "path": "status", "times": 5},
        {"kind": "rubbish", "form": "wrong_types", "path": "status", "times": 5},
        {"kind": "rubbish", "form": "missing_fields", "path": "status", "times": 5},
        {"kind": "rubbish", "form": "list", "path": "status", "times": 5},
        {"kind": "slow", "delay": 0.1, "times": 10},
        {"kind": "hang", "path": "status", "seconds": 1},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
def test_what_passes_is_waited_for_and_asked_once(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, fault: dict[str, Any]
) -> None:
    kind, limits = fault["kind"], {name: value for name, value in fault.items() if name != "kind"}
    demo.faults.add(kind, **limits)
    start_worker(PRESENTON_READ_TIMEOUT="0.5")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert demo.generations_of("Photosynthesis") == 1


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_a_lost_answer_is_looked_for_and_not_asked_for_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, mode: str
) -> None:
    demo.faults.add("lose_answer", times=1)
    worker = start_worker(PRESENTON_MODE=mode)
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert made.presenton_id
    worker.wait_for("complete: found as")
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


def test_a_task_that_stands_still_is_asked_for_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("stuck", times=1)
    start_worker(STALL_AFTER="1", STALL_AFTER_PER_SLIDE="0")
    made = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (made.status, made.attempts) == ("complete", 2)


def test_a_generation_may_not_take_for_ever(library: Library, start_demo: StartDemo, start_worker: StartWorker) -> None:
    start_worker(
        PRESENTON_URL=start_demo(seconds_per_slide=5).url, GENERATION_TIMEOUT="1", GENERATION_TIMEOUT_PER_SLIDE="0"
    )
    late = ended(library, library.create("alice", "Photosynthesis", 50))[0]
    assert late.status == "error"
    assert "took too long" in (late.error or "")


def test_a_presenton_that_stays_away_is_given_up_and_a_retry_finds_its_task(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker(GIVE_UP_AFTER="1")
    asked = library.create("alice", "Photosynthesis", 50)
    task_id = in_mid_generation(library, asked).presenton_task_id
    demo.faults.add("status", status=503)
    given_up = ended(library, asked)[0]
    assert (given_up.status, given_up.presenton_task_id) == ("error", task_id)
    assert "no answer for a long time" in (given_up.error or "")
    demo.faults.clear()
    library.retry("alice", asked.id)
    assert ended(library, asked)[0].status == "complete"
    assert demo.generations_of("Photosynthesis") == 1


def test_a_presenton_that_stays_away_is_given_up_in_blocking_mode_too(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.stop()
    start_worker(PRESENTON_MODE="sync", GIVE_UP_AFTER="1")
    given_up = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (given_up.status, given_up.attempts) == ("error", 0)


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
    worker.wait_for(str(asked.id), "its place stays taken")
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


def test_what_presenton_refuses_is_over_at_once(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    refused = ended(library, library.create("alice", "Photosynthesis", 3, template="no such template"))[0]
    assert (refused.status, refused.attempts) == ("error", 0)
    assert refused.error == "The slide generator did not accept this. Another topic or other options may help."
    assert "Template not found" in (refused.error_detail or "")
    assert demo.generations_of("Photosynthesis") == 0


@pytest.mark.parametrize(
    ("credentials", "status"),
    [({}, "error"), ({"PRESENTON_API_KEY": "wrong"}, "error"), ({"PRESENTON_API_KEY": "sk-presenton-1"}, "complete")],
)
def test_the_key_lets_in(
    library: Library, start_demo: StartDemo, start_worker: StartWorker, credentials: dict[str, str], status: str
) -> None:
    worker = start_worker(PRESENTON_URL=start_demo(api_key="sk-presenton-1").url, **credentials)
    asked = ended(library, library.create("alice", "Photosynthesis", 2))[0]
    assert asked.status == status
    assert status == "complete" or "PRESENTON_API_KEY" in (asked.error_detail or "")
    assert "sk-presenton-1" not in worker.log


def test_basic_credentials_let_in(library: Library, start_demo: StartDemo, start_worker: StartWorker) -> None:
    demo = start_demo(username="admin", password="pässword")
    start_worker(PRESENTON_URL=demo.url, PRESENTON_USERNAME="admin", PRESENTON_PASSWORD="pässword")
    assert ended(library, library.create("alice", "Photosynthesis", 2))[0].status == "complete"


@pytest.mark.parametrize("release", ["latest", "0.9.3", "0.9.0", "0.8.9", "0.5"])
@pytest.mark.parametrize("mode", ["auto", "sync"])
def test_every_release_makes_it_and_is_asked_once(
    library: Library, start_demo: StartDemo, start_worker: StartWorker, release: str, mode: str
) -> None:
    demo = start_demo(release=release)
    start_worker(PRESENTON_URL=demo.url, PRESENTON_MODE=mode)
    first = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    second = ended(library, library.create("bob", "Cells", 3))[0]
    assert (first.status, second.status) == ("complete", "complete")
    assert first.presenton_id != second.presenton_id
    assert second.presenton_path
    assert (demo.generations_of("Photosynthesis"), demo.generations_of("Cells")) == (1, 1)


def test_an_asynchronous_mode_that_is_none_is_named(
    library: Library, start_demo: StartDemo, start_worker: StartWorker
) -> None:
    start_worker(PRESENTON_URL=start_demo(release="0.5").url, PRESENTON_MODE="async")
    refused = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert refused.status == "error"
    assert "It has no asynchronous call" in (refused.error_detail or "")


def in_one_long_call(library: Library, start_worker: StartWorker, **changed: str) -> tuple[Process, Presentation]:
    worker = start_worker(PRESENTON_MODE="sync", **changed)
    asked = library.create("alice", "Photosynthesis", 50)
    worker.wait_for(str(asked.id), "one long call")
    return worker, asked


def test_a_long_call_that_dies_with_its_worker_is_found_again(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    worker, asked = in_one_long_call(library, start_worker)
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


def test_a_crash_loop_ends(library: Library, database: Database, start_worker: StartWorker) -> None:
    asked = library.create("alice", "Photosynthesis")
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET claims = 10"))
    start_worker()
    stopped = ended(library, asked)[0]
    assert stopped.status == "error"
    assert "again and again" in (stopped.error or "")
