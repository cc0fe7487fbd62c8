"""Celery with threads, late acknowledgement and no prefetching, as it advises for long tasks that may be repeated."""

from __future__ import annotations

from celery import Celery

from benchmarks.systems.job import REDIS_URL
from benchmarks.systems.job import ask as call

app = Celery("bench", broker=REDIS_URL)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)
ask = app.task(call, name="ask")


def create(topic: str) -> None:
    ask.delay(topic)


def command(threads: int) -> list[str]:
    app_name = "benchmarks.systems.celery_threads"
    return ["celery", "-A", app_name, "worker", "--pool", "threads", "--concurrency", str(threads), "-l", "WARNING"]
