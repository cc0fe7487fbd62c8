"""A generation that sleeps until there is news of its task is woken by what concerns itself, too."""

from __future__ import annotations

from collections.abc import Callable

from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended, status_of
from tests.support.processes import Process
from tests.support.waiting import eventually


def test_a_cancel_and_a_stop_are_noticed_while_nothing_changes(
    library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    demo.hold()
    worker = start_worker()
    cancelled, left = (library.create(user, f"Topic of {user}", 3) for user in ("alice", "bob"))
    eventually(lambda: len(demo.held) == 2)
    library.cancel("alice", cancelled.id)
    worker.wait_for(str(cancelled.id), "its thread stays taken")
    assert status_of(library, left) == "processing"
    assert worker.stop() == 0
    assert status_of(library, left) == "pending"
    demo.let_all_go()
    start_worker()
    assert (ended(library, left)[0].status, status_of(library, cancelled)) == ("complete", "cancelled")
    assert demo.requests_of("Topic of bob") == 1
