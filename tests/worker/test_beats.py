"""A worker that lives is listed whole, whatever Redis has lost of it."""

from __future__ import annotations

from collections.abc import Callable

from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer

from presentations.demo.server import DemoPresenton
from presentations.jobs import quick_redis
from presentations.library import Library
from presentations.local import Backends
from presentations.operations import KnownWorker
from tests.support.processes import Process
from tests.support.waiting import eventually

LISTS = ("rq:workers", "rq:workers:presentations")


def expire(redis: Redis, key: str) -> None:
    """As after Redis was frozen for longer than the worker's key lasts: all that goes with it is gone."""
    redis.delete(key, f"{key}:executions")
    for name in LISTS:
        redis.srem(name, key)


def leave_a_stump(redis: Redis, key: str) -> None:
    """As RQ's own heartbeat does then, when it is quicker than ours."""
    with redis.pipeline() as pipeline:
        pipeline.delete(key, f"{key}:executions")
        pipeline.hset(key, "last_heartbeat", "2026-01-01T00:00:00.000000Z")
        pipeline.execute()


def strike_off(redis: Redis, key: str) -> None:
    """As a look at the workers does that came between the key's end and the beat."""
    for name in LISTS:
        redis.srem(name, key)


def test_what_redis_lost_of_a_worker_comes_back_whole(
    library: Library, demo: DemoPresenton, start_worker: Callable[..., Process], backends: Backends
) -> None:
    demo.faults.add("stuck")
    start_worker(WORKER_THREADS="1", WEBHOOK_THREADS="1")
    asked = library.create("alice", "Photosynthesis", 3)
    eventually(lambda: library.get(None, asked.id).presenton_task_id)
    redis = quick_redis(backends.redis_url)

    def whole() -> KnownWorker | None:
        listed = [one for one in KnownWorker.all(redis) if one.queue_names() == ["presentations"]]
        on_lists = all(redis.sismember(name, one.key) for name in LISTS for one in listed)
        return listed[0] if len(listed) == 1 and on_lists and listed[0].get_current_job_id() else None

    before = eventually(whole)
    assert before
    for lose in (expire, leave_a_stump, strike_off):
        lose(redis, before.key)
        after = eventually(whole)
        assert after
        assert (after.birth_date, after.pid, after.hostname) == (before.birth_date, before.pid, before.hostname)
        assert (after.get_state(), after.get_current_job_id()) == ("busy", f"{asked.id}_1")
        assert 0 < redis.ttl(before.key) <= 120


def test_a_job_of_which_redis_kept_a_stump_comes_back_whole(
    library: Library, demo: DemoPresenton, start_worker: Callable[..., Process], backends: Backends
) -> None:
    demo.faults.add("stuck")
    start_worker(WORKER_THREADS="1")
    asked = library.create("alice", "Photosynthesis", 3)
    eventually(lambda: library.get(None, asked.id).presenton_task_id)
    redis = quick_redis(backends.redis_url)
    job_id = f"{asked.id}_1"
    with redis.pipeline() as pipeline:
        pipeline.delete(Job.key_for(job_id))
        pipeline.hset(Job.key_for(job_id), "last_heartbeat", "2026-01-01T00:00:00.000000Z")
        pipeline.execute()
    eventually(lambda: redis.hexists(Job.key_for(job_id), "data"))
    job = Job.fetch(job_id, redis, JSONSerializer)
    assert (job.args, job.get_status(), job.origin) == ([str(asked.id)], "started", "presentations")
