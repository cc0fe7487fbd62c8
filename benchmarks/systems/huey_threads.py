"""Huey with Redis, one process of many threads."""

from __future__ import annotations

from huey import RedisHuey

from benchmarks.systems.job import REDIS_URL
from benchmarks.systems.job import ask as call

huey = RedisHuey("bench", url=REDIS_URL, results=False)
ask = huey.task(name="ask")(call)


def create(topic: str) -> None:
    ask(topic)


def command(threads: int) -> list[str]:
    return ["huey_consumer", "benchmarks.systems.huey_threads.huey", "-w", str(threads), "-k", "thread", "-q"]
