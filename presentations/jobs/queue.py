"""The queues in front of the workers: RQ's, in Redis, which may lose everything at any moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.executions import ExecutionRegistry
from rq.job import Job
from rq.registry import FailedJobRegistry, FinishedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import as_text, current_timestamp, parse_composite_key
from rq.worker_registration import clean_worker_registry

from presentations.jobs.work import Entry, Work

# The job's own code keeps its deadlines; this one only has to be finite and longer than any of them.
_JOB_TIMEOUT = 7 * 24 * 3600
_FAILURE_KEPT = 30 * 24 * 3600


def quick_redis(url: str) -> Redis:
    """A client that answers or fails within about a second: for everything but the workers' own waiting."""
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1, retry=Retry(NoBackoff(), 0))


class JobQueue:
    """One of RQ's queues. Every method may raise redis.exceptions.RedisError."""

    def __init__(self, redis: Redis, work: Work) -> None:
        self.redis = redis
        self.work = work
        self.queue = Queue(work.queue, connection=redis, serializer=JSONSerializer)

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

    def job_ids(self) -> set[str]:
        """The ids of all jobs in the queue."""
        return {as_text(job_id) for job_id in self.redis.lrange(self.queue.key, 0, -1)}

    def remove(self, entries: Iterable[Entry]) -> None:
        """Wipe out all that RQ knows of these entries, in the queue or past it."""
        for entry in entries:
            self._wipe(entry.job_id)

    def sweep(self) -> list[str]:
        """Wipe out what RQ keeps of workers and jobs that are gone; gives the ids of jobs that seemed to be running."""
        registry = StartedJobRegistry(queue=self.queue)
        now = current_timestamp()
        expired = cast(list[bytes], self.redis.zrangebyscore(registry.key, 0, now))
        gone = sorted({parse_composite_key(as_text(member))[0] for member in expired})
        for job_id in gone:
            self._wipe(job_id)
        for past in (StartedJobRegistry, FailedJobRegistry, FinishedJobRegistry):
            self.redis.zremrangebyscore(past(queue=self.queue).key, 0, now)
        clean_worker_registry(self.queue)
        return gone

    def _wipe(self, job_id: str) -> None:
        executions = ExecutionRegistry(job_id, self.redis)
        with self.redis.pipeline() as pipeline:
            pipeline.lrem(self.queue.key, 0, job_id)
            pipeline.lrem(self.queue.intermediate_queue_key, 0, job_id)
            for registry in (FailedJobRegistry, FinishedJobRegistry):
                pipeline.zrem(registry(queue=self.queue).key, job_id)
            for execution in cast(list[bytes], self.redis.zrange(executions.key, 0, -1)):
                composite = f"{job_id}:{as_text(execution)}"
                pipeline.zrem(StartedJobRegistry(queue=self.queue).key, composite)
                pipeline.delete(f"rq:execution:{composite}")
            pipeline.delete(executions.key, Job.key_for(job_id), f"rq:results:{job_id}")
            pipeline.execute()
