"""Many at once: two workers with two dispatchers, 100 presentations, and a Presenton that misbehaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.presentations import ended
from tests.support.processes import Process

COUNT = 100


def test_each_of_100_ends_and_none_is_made_twice_without_need(
    library: Library, demo: DemoPresenton, start_worker: Callable[..., Process]
) -> None:
    topics = [f"Topic {n} [[fail=1]]" if n % 20 == 7 else f"Topic {n}" for n in range(COUNT)]
    asked = [library.create(f"teacher{n % 12}", topic, 2) for n, topic in enumerate(topics)]
    faults: list[tuple[str, dict[str, Any]]] = [
        ("status", {"status": 503, "times": 20}),
        ("status", {"status": 502, "html": True, "times": 20}),
        ("rubbish", {"form": "truncated", "path": "status", "times": 10}),
        ("slow", {"delay": 0.05, "times": 50}),
        ("lose_answer", {"times": 5}),
    ]
    for kind, limits in faults:
        demo.faults.add(kind, **limits)
    # Only now: a fault that comes when all but one are made meets that one again and again.
    for _ in range(2):
        start_worker(WORKER_THREADS="3", LOST_CALL_WAIT="5")
    over = ended(library, *asked)
    for topic, one in zip(topics, over, strict=True):
        assert one.status == ("error" if "fail" in topic else "complete"), (topic, one.error_detail)
        # One whose answer was lost and whose deck was never made is rightly asked for again.
        assert demo.generations_of(topic) == 1 or (one.status == "error" and one.attempts > 1), topic
    complete = [one for one in over if one.status == "complete"]
    assert len({one.presenton_id for one in complete}) == len(complete)
    assert demo.most_at_once <= 6
