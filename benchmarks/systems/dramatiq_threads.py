"""Dramatiq with its Redis broker, one process of many threads."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from benchmarks.systems.job import REDIS_URL
from benchmarks.systems.job import ask as call

dramatiq.set_broker(RedisBroker(url=REDIS_URL))
ask = dramatiq.actor(call, actor_name="ask", time_limit=900_000)


def create(topic: str) -> None:
    ask.send(topic)


def command(threads: int) -> list[str]:
    return ["dramatiq", "benchmarks.systems.dramatiq_threads", "--processes", "1", "--threads", str(threads)]
