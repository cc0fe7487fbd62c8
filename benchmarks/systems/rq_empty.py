"""RQ's own bound: its worker that does not fork, with a job that does nothing."""

from __future__ import annotations

from rq.registry import FinishedJobRegistry

from benchmarks.systems.job import REDIS_URL
from benchmarks.systems.plain_rq import queue


def nothing(topic: str) -> None:
    """An empty job."""


def create(topic: str) -> None:
    queue.enqueue(nothing, topic)


def command(threads: int) -> list[str]:
    return ["rq", "worker", "bench", "--url", REDIS_URL, "--worker-class", "rq.SimpleWorker", "--quiet"]


def done() -> int:
    return len(FinishedJobRegistry(queue=queue))
