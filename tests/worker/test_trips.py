"""How often a worker's thread goes to Redis for a job, and what of the job stands there afterwards."""

from __future__ import annotations

from uuid import uuid4

import pytest
from rq import SimpleWorker
from rq.job import Job
from rq.registry import FinishedJobRegistry
from rq.serializers import JSONSerializer

from presentations.database import Database
from presentations.jobs import PRESENTATIONS, Entry, WorkerContext, current_context, quick_redis
from presentations.jobs.queue import JobQueue
from presentations.presenton import Presenton
from presentations.settings import Settings
from presentations.worker.thread import WorkerThread
from tests.support.trips import trips_to_redis


@pytest.fixture
def worker(settings: Settings, database: Database, redis_url: str) -> WorkerThread:
    redis = quick_redis(redis_url)
    context = WorkerContext(settings, database, redis, Presenton(settings), [PRESENTATIONS])
    current_context.set(context)
    return WorkerThread(PRESENTATIONS, "counted", context, redis)


def do(worker: WorkerThread, count: int) -> list[str]:
    """Have it do so many jobs, of which none has a row that waits for it; gives their ids."""
    jobs = [Entry(uuid4(), 1) for _ in range(count)]
    JobQueue(worker.connection, PRESENTATIONS).push(jobs)
    worker.work(burst=True)
    return [job.job_id for job in jobs]


def test_a_job_costs_four_trips_to_redis(worker: WorkerThread, monkeypatch: pytest.MonkeyPatch) -> None:
    do(worker, 1)  # which asks for the release of Redis
    trips = trips_to_redis(monkeypatch)
    do(worker, 1)
    with_one = len(trips)
    do(worker, 3)
    assert len(trips) - 2 * with_one == 2 * 4


def test_a_job_that_is_done_stands_among_the_finished_ones(worker: WorkerThread) -> None:
    redis = worker.connection
    (job_id,) = do(worker, 1)
    job = Job.fetch(job_id, redis, JSONSerializer)
    assert (job.get_status(), job.worker_name, job.args) == ("finished", "counted", [job_id.partition("_")[0]])
    assert job.started_at
    assert job.ended_at
    assert job.started_at <= job.ended_at
    assert FinishedJobRegistry("presentations", redis, serializer=JSONSerializer).get_job_ids() == [job_id]
    assert 0 < redis.ttl(job.key) <= SimpleWorker(["presentations"], connection=redis).default_result_ttl
    left = ("rq:queue:presentations:intermediate", "rq:wip:presentations", f"rq:executions:{job.id}")
    assert redis.exists(*left, "rq:worker:counted:executions") == 0
    assert redis.keys("rq:execution:*") == []
    assert worker.successful_job_count == 0
    worker.refresh()  # type: ignore[no-untyped-call]
    assert (worker.successful_job_count, worker.get_state()) == (1, "idle")
