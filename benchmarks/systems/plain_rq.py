"""RQ as its documentation shows it: a queue, a job, and workers that fork for each one."""

from __future__ import annotations

from redis import Redis
from rq import Queue

from benchmarks.systems.job import REDIS_URL, ask

queue = Queue("bench", connection=Redis.from_url(REDIS_URL))


def create(topic: str) -> None:
    queue.enqueue(ask, topic, job_timeout=900)


def command(threads: int) -> list[str]:
    return ["rq", "worker-pool", "bench", "--url", REDIS_URL, "-n", str(threads), "--logging-level", "WARNING"]
