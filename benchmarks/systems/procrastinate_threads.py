"""Procrastinate, whose queue is PostgreSQL itself; stalled jobs are retried by a periodic task, as it advises."""

from __future__ import annotations

import procrastinate

from benchmarks.systems.job import DATABASE_URL
from benchmarks.systems.job import ask as call

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=DATABASE_URL))
ask = app.task(call, name="ask", queue="bench")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give back what a worker held that is gone."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)


def prepare() -> None:
    app.open()
    app.schema_manager.apply_schema()


def create(topic: str) -> None:
    ask.defer(topic=topic)


def command(threads: int) -> list[str]:
    app_name = "benchmarks.systems.procrastinate_threads.app"
    return ["procrastinate", "--app", app_name, "worker", "--concurrency", str(threads)]
