"""Presenton slow, wrong, forgetful, away, or old: each presentation ends, and is asked for no more than needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended, in_mid_generation
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]


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
        {"kind": "status", "status": 500, "html": True, "path": "status", "times": 5},
        {"kind": "status", "status": 502, "html": True, "times": 5},
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


def test_what_presenton_does_not_accept_is_over_at_once(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    demo.faults.add("status", status=422, detail="content: Input should be shorter", path="/generate")
    start_worker()
    refused = ended(library, library.create("alice", "Photosynthesis", 3))[0]
    assert (refused.status, refused.attempts, refused.error_cause) == ("error", 0, "request")
    assert refused.error == "The slide generator did not accept this. Another topic or other options may help."


def test_the_key_lets_in(library: Library, start_demo: StartDemo, start_worker: StartWorker) -> None:
    worker = start_worker(PRESENTON_URL=start_demo(api_key="sk-presenton-1").url, PRESENTON_API_KEY="sk-presenton-1")
    assert ended(library, library.create("alice", "Photosynthesis", 2))[0].status == "complete"
    assert "sk-presenton-1" not in worker.log


def test_basic_credentials_let_in(library: Library, start_demo: StartDemo, start_worker: StartWorker) -> None:
    demo = start_demo(release="0.9.0", username="admin", password="pässword")
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


def test_a_crash_loop_ends(library: Library, database: Database, start_worker: StartWorker) -> None:
    asked = library.create("alice", "Photosynthesis")
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET claims = 10"))
    start_worker()
    stopped = ended(library, asked)[0]
    assert stopped.status == "error"
    assert "again and again" in (stopped.error or "")
