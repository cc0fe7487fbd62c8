"""Procrastinate, whose queue is PostgreSQL itself; stalled jobs are retried by a periodic task, as it advises.

Its worker runs a task that blocks in a thread of the event loop's own pool, which is given as many as are asked for.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import procrastinate

from benchmarks.systems.job import DATABASE_URL
from benchmarks.systems.job import ask as call

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=DATABASE_URL))
ask = app.task(call, name="ask", queue="bench")


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give back what a worker held that is gone."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)


@cache
def opened() -> procrastinate.App:
    """The connections of somebody who asks."""
    return app.open()


def prepare() -> None:
    opened().schema_manager.apply_schema()


def create(topic: str) -> None:
    opened()
    ask.defer(topic=topic)


def command(threads: int) -> list[str]:
    return [sys.executable, "-m", __name__, str(threads)]


async def work(threads: int) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads))
    async with app.open_async():
        await app.run_worker_async(concurrency=threads)


if __name__ == "__main__":
    asyncio.run(work(int(sys.argv[1])))
