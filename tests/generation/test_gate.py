"""Presenton lets nobody in: nothing fails, the line waits, and goes on by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from presentations.demo.server import DemoPresenton
from presentations.jobs import open_again, shut
from presentations.library import Library
from presentations.operations import Controls
from tests.support.nursery import Nursery
from tests.support.presentations import ended, in_mid_generation, status_of
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]
StartDemo = Callable[..., DemoPresenton]

KEY = "sk-presenton-1"
# worker.py, but for the half minute between two probes.
PROBES_OFTEN = """
import sys
from presentations.worker import main, process

process._PROBE_SECONDS = 0.5
sys.exit(main())
"""


@pytest.fixture
def controls(library: Library) -> Controls:
    return Controls(library.database, library.engine)


@pytest.fixture
def worker_that_probes_often(
    environment: dict[str, str], tmp_path: Path, workers_nursery: Nursery
) -> Iterator[Process]:
    script = tmp_path / "probes_often.py"
    script.write_text(PROBES_OFTEN)
    worker = Process([str(script)], environment, tmp_path / "probes_often.log", nursery=workers_nursery)
    yield worker
    worker.kill()
    print(worker.log)


@pytest.mark.parametrize("mode", ["async", "sync"])
@pytest.mark.parametrize(
    ("fault", "refusal"), [("key_refused", "check PRESENTON_API_KEY"), ("not_set_up", "It has no account yet")]
)
def test_nothing_fails_while_nobody_is_let_in(
    library: Library,
    demo: DemoPresenton,
    start_worker: StartWorker,
    controls: Controls,
    mode: str,
    fault: str,
    refusal: str,
) -> None:
    demo.faults.add(fault)
    worker = start_worker(PRESENTON_MODE=mode)
    asked = [library.create(user, "Photosynthesis", 2) for user in ("alice", "alice", "bob", "carol")]
    assert refusal in str(eventually(lambda: controls.now().refusal))
    eventually(lambda: {status_of(library, one) for one in asked} == {"pending"})
    assert controls.now().paused_at is None
    worker.kill()
    demo.faults.clear()
    start_worker(PRESENTON_MODE=mode)  # its first probe opens the gate: so does any other's, each half minute
    made = ended(library, *asked)
    assert {(one.status, one.attempts) for one in made} == {("complete", 1)}
    assert demo.generations_of("Photosynthesis") == 4
    assert controls.now().refused_at is None


@pytest.fixture
def refuses_from_the_start(demo: DemoPresenton) -> None:
    demo.faults.add("key_refused")


def test_a_running_worker_opens_it(
    library: Library,
    demo: DemoPresenton,
    refuses_from_the_start: None,
    worker_that_probes_often: Process,
    controls: Controls,
) -> None:
    asked = library.create("alice", "Photosynthesis", 2)
    eventually(lambda: controls.now().refused_at)
    demo.faults.clear()
    assert ended(library, asked)[0].status == "complete"
    assert len(worker_that_probes_often.lines("the line waits until it does")) == 1
    assert len(worker_that_probes_often.lines("the line goes on")) == 1


@pytest.mark.parametrize("credentials", [{}, {"PRESENTON_API_KEY": "wrong"}])
def test_a_wrong_key_is_mended(
    library: Library,
    start_demo: StartDemo,
    start_worker: StartWorker,
    controls: Controls,
    credentials: dict[str, str],
) -> None:
    demo = start_demo(api_key=KEY)
    worker = start_worker(PRESENTON_URL=demo.url, **credentials)
    asked = library.create("alice", "Photosynthesis", 2)
    eventually(lambda: controls.now().refused_at)
    assert worker.stop() == 0
    assert status_of(library, asked) == "pending"
    start_worker(PRESENTON_URL=demo.url, PRESENTON_API_KEY=KEY)
    assert ended(library, asked)[0].status == "complete"


def test_a_task_that_is_not_shown_is_waited_for(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, controls: Controls
) -> None:
    worker = start_worker(STALL_AFTER="1", STALL_AFTER_PER_SLIDE="0", GIVE_UP_AFTER="1")
    asked = library.create("alice", "Photosynthesis", 40)
    task_id = in_mid_generation(library, asked).presenton_task_id
    demo.faults.add("key_refused")
    eventually(lambda: controls.now().refused_at)
    eventually(lambda: status_of(library, asked) == "pending")
    waits = library.get(None, asked.id)
    assert waits.presenton_task_id == task_id
    assert waits.message == "Waiting for the slide generator; your admin has been told"
    worker.kill()
    demo.faults.clear()
    start_worker()
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert demo.generations_of("Photosynthesis") == 1


def test_an_admins_pause_stays(library: Library, demo: DemoPresenton, controls: Controls) -> None:
    controls.pause("Moving house.")
    shut(library.engine, "It does not accept the credentials")
    now = controls.now()
    assert (now.pause_reason, now.refusal) == ("Moving house.", "It does not accept the credentials")
    open_again(library.database)
    now = controls.now()
    assert (now.pause_reason, now.refused_at, now.refusal) == ("Moving house.", None, None)
    shut(library.engine, "It does not accept the credentials")
    controls.resume()
    assert controls.now().is_paused


def test_it_says_since_when_and_why_last(library: Library, controls: Controls) -> None:
    shut(library.engine, "It does not accept the credentials")
    since = controls.now().refused_at
    shut(library.engine, "It has no account yet")
    assert (controls.now().refused_at, controls.now().refusal) == (since, "It has no account yet")


def test_a_providers_plain_word_is_not_presentons(
    library: Library, demo: DemoPresenton, start_worker: StartWorker, controls: Controls
) -> None:
    """Some servers of models say just what Presenton says. It is asked whether it lets Lectern in."""
    demo.faults.add("status", status=401, detail="Unauthorized", path="/generate")
    start_worker(PRESENTON_MODE="sync")
    failed = ended(library, library.create("alice", "Photosynthesis", 2))[0]
    assert (failed.status, failed.attempts, failed.error_cause) == ("error", 1, "model_key")
    assert controls.now().refused_at is None
