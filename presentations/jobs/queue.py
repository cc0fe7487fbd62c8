"""The queues in front of the workers: RQ's, in Redis, which may lose everything at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError
from redis.retry import Retry
from rq import Queue
from rq.executions import ExecutionRegistry
from rq.job import Job
from rq.registry import FailedJobRegistry, FinishedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import current_timestamp
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from presentations.jobs.foreign import set_aside
from presentations.jobs.work import Entry, Work

# The job's own code keeps its deadlines; this one only has to be finite and longer than any of them.
_JOB_TIMEOUT = 7 * 24 * 3600
_FAILURE_KEPT = 30 * 24 * 3600


def quick_redis(url: str) -> Redis:
    """A client that answers or fails within about a second: for everything but the workers' own waiting."""
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1, retry=Retry(NoBackoff(), 0))


class Line(NamedTuple):
    """The ids of all jobs in a queue; `was_emptied`: Redis may have lost some since mark()."""

    jobs: set[str]
    was_emptied: bool


class JobQueue:
    """One of RQ's queues. Every method may raise redis.exceptions.RedisError."""

    def __init__(self, redis: Redis, work: Work) -> None:
        self.redis = redis
        self.work = work
        self.queue = Queue(work.queue, connection=redis, serializer=JSONSerializer)
        self._mark = f"lectern:line:{work.queue}"

    def push(self, entries: Iterable[Entry]) -> None:
        """Add entries, of which none was ever there, in one trip: all of them or none."""
        with self.redis.pipeline() as pipeline:
            for entry in entries:
                self.queue.enqueue_call(
                    self.work.job,
                    args=(str(entry.id),),
                    job_id=entry.job_id,
                    description=self.work.about,
                    timeout=_JOB_TIMEOUT,
                    failure_ttl=_FAILURE_KEPT,
                    at_front=entry.at_front,
                    pipeline=pipeline,
                )
            pipeline.execute()

    def popped_ids(self) -> set[str]:
        """The ids of jobs that workers have taken out of the queue, and that are not over."""
        popped = cast(list[bytes], self.redis.lrange(self.queue.intermediate_queue_key, 0, -1))
        started = cast(list[bytes], self.redis.zrange(StartedJobRegistry(queue=self.queue).key, 0, -1))
        return {_text(member).partition(":")[0] for member in (*popped, *started)}

    def look(self) -> Line:
        """How the queue stands: Redis loses what is in it when it is emptied, restored, or started again."""
        try:
            return self._line()
        except ResponseError:
            self.set_strangers_aside()
            return self._line()

    def _line(self) -> Line:
        with self.redis.pipeline(transaction=False) as pipeline:
            # In this order: what is pushed after the mark was lost is seen in the queue.
            pipeline.get(self._mark)
            pipeline.info("server")
            pipeline.lrange(self.queue.key, 0, -1)
            mark, server, jobs = pipeline.execute()
        return Line({_text(job_id) for job_id in jobs}, mark != _run(server))

    def mark(self) -> None:
        """All that ought to be in the queue is there."""
        self.redis.set(self._mark, _run(self.redis.info("server")))

    def set_strangers_aside(self) -> None:
        """Rename what others have put where the queue, or a list of it, ought to be."""
        set_aside(self.redis, self.queue.name)

    def remove(self, entries: Iterable[Entry]) -> None:
        """Wipe out all that RQ knows of these entries, in the queue or past it."""
        for entry in entries:
            self._wipe(entry.job_id)

    def sweep(self) -> list[str]:
        """Wipe out what RQ keeps of workers and jobs that are gone; gives the ids of jobs that seemed to be running."""
        registry = StartedJobRegistry(queue=self.queue)
        now = current_timestamp()
        expired = cast(list[bytes], self.redis.zrangebyscore(registry.key, 0, now))
        gone = sorted({_text(member).partition(":")[0] for member in expired})
        for job_id in gone:
            self._wipe(job_id)
        for past in (StartedJobRegistry, FailedJobRegistry, FinishedJobRegistry):
            self.redis.zremrangebyscore(past(queue=self.queue).key, 0, now)
        self._sweep_workers()
        return gone

    def _sweep_workers(self) -> None:
        """As RQ's clean_worker_registry, which a name that is no text breaks off."""
        keys = list(cast(set[bytes], self.redis.smembers(WORKERS_BY_QUEUE_KEY % self.queue.name)))
        with self.redis.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.exists(key)
            there = pipeline.execute()
        if gone := [cast(str, key) for key, is_there in zip(keys, there, strict=True) if not is_there]:
            self.redis.srem(WORKERS_BY_QUEUE_KEY % self.queue.name, *gone)
            self.redis.srem(REDIS_WORKER_KEYS, *gone)

    def _wipe(self, job_id: str) -> None:
        executions = ExecutionRegistry(job_id, self.redis)
        with self.redis.pipeline() as pipeline:
            pipeline.lrem(self.queue.key, 0, job_id)
            pipeline.lrem(self.queue.intermediate_queue_key, 0, job_id)
            for registry in (FailedJobRegistry, FinishedJobRegistry):
                pipeline.zrem(registry(queue=self.queue).key, job_id)
            for execution in self._executions(executions.key):
                composite = f"{job_id}:{execution}"
                pipeline.zrem(StartedJobRegistry(queue=self.queue).key, composite)
                pipeline.delete(f"rq:execution:{composite}")
            pipeline.delete(executions.key, Job.key_for(job_id), f"rq:results:{job_id}")
            pipeline.execute()

    def _executions(self, key: str) -> list[str]:
        try:
            return [_text(execution) for execution in cast(list[bytes], self.redis.zrange(key, 0, -1))]
        except ResponseError:  # something else of somebody else, which is deleted with the job
            return []


def _run(server: Mapping[str, Any]) -> bytes:
    return str(server["run_id"]).encode()


def _text(member: bytes) -> str:
    """One that is no text is none of ours."""
    return member.decode(errors="replace")
