"""What rq-dashboard reads of Redis: our own jobs, queues and workers, whatever else somebody has put there."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast

from redis import Redis
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.registry import (
    BaseRegistry,
    CanceledJobRegistry,
    DeferredJobRegistry,
    FailedJobRegistry,
    FinishedJobRegistry,
    ScheduledJobRegistry,
    StartedJobRegistry,
)
from rq.results import Result
from rq.serializers import JSONSerializer
from rq_dashboard import web as dashboard

from presentations.jobs import JOB_ID, PRESENTATIONS
from presentations.operations import QUEUES, KnownWorker, unreadable_is_gone

QUEUED = "queued"
REGISTRIES: dict[str, type[BaseRegistry]] = {
    "scheduled": ScheduledJobRegistry,
    "deferred": DeferredJobRegistry,
    "started": StartedJobRegistry,
    "finished": FinishedJobRegistry,
    "failed": FailedJobRegistry,
    "canceled": CanceledJobRegistry,
}


class UnreadableJob(NoSuchJobError):
    """One of our own jobs that Redis has, and that nobody can read: something else has written to it."""


class KnownJob(Job):
    """One of our own jobs, read whole at once: it may be gone before all of it is shown."""

    _seen: Result | None = None

    @classmethod
    def fetch(cls, job_id: str, connection: Redis | None = None, **_: Any) -> Self:  # type: ignore[override]
        """Raises NoSuchJobError, also when it is a stranger's; UnreadableJob; RedisError."""
        if not re.fullmatch(JOB_ID, job_id):
            raise NoSuchJobError("not one of ours")
        job = cls(job_id, connection=connection, serializer=JSONSerializer)
        try:
            with unreadable_is_gone():
                job._read()
        except NoSuchJobError as error:
            if job.connection.exists(job.key):
                raise UnreadableJob(str(error)) from error
            raise
        return job

    def _read(self) -> None:
        self.refresh()  # type: ignore[no-untyped-call]
        self._seen = Result.fetch_latest(self, JSONSerializer)
        self.get_call_string()
        json.dumps([self.meta, self.return_value()])

    def latest_result(self, timeout: int = 0) -> Result | None:
        return self._seen

    def get_status(self, refresh: bool = False) -> JobStatus:
        return super().get_status(refresh=False)

    def get_meta(self, refresh: bool = False) -> dict[str, Any]:
        return super().get_meta(refresh=False)

    @property
    def dependency_ids(self) -> list[str]:
        """Ours depend on no others."""
        return []


@dataclass(frozen=True)
class GoneJob:
    """What is known of a job that a worker is at, and Redis no longer holds."""

    id: str
    created_at: datetime
    description: str = "no longer in Redis"

    def get_call_string(self) -> str:
        return self.description


class ShownWorker(KnownWorker):
    """A worker, with a job that may be gone."""

    def get_current_job(self) -> Job | GoneJob | None:  # type: ignore[override]
        execution = self.execution
        if execution is None:
            return None
        try:
            return KnownJob.fetch(execution.job_id, self.connection)
        except NoSuchJobError:
            return GoneJob(execution.job_id, execution.created_at)


class KnownQueue(Queue):
    """One of our own queues; they are there before their first job."""

    def __init__(self, name: str = PRESENTATIONS.queue, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)

    @classmethod
    def all(cls, connection: Redis, **_: Any) -> list[Self]:  # type: ignore[override]
        return [cls(name, connection=connection, serializer=JSONSerializer) for name in QUEUES]

    def compact(self) -> None:
        """Take out the jobs that are gone. RQ's own fails where nothing waits, and loses the line if it breaks off."""
        for member in cast(list[Any], self.connection.lrange(self.key, 0, -1)):
            if not self.connection.exists(Job.redis_job_namespace_prefix.encode() + member):
                self.connection.lrem(self.key, 0, member)


def key_of(queue: str, registry: str) -> str:
    """Where Redis has the jobs of a queue, or of one of its registries."""
    if registry == QUEUED:
        return f"{Queue.redis_queue_namespace_prefix}{queue}"
    return REGISTRIES[registry].key_template.format(queue)


def job_ids(queue: str, registry: str, redis: Redis, first: int = 0, last: int = -1) -> list[str]:
    """The ids of our jobs among those from `first` to `last`, which count from the end if negative."""
    read = redis.lrange if registry == QUEUED else redis.zrange
    members = cast(list[bytes], read(key_of(queue, registry), first, last))
    # Of those that are started, an execution follows.
    ids = (member.decode(errors="replace").partition(":")[0] for member in members)
    return [job_id for job_id in ids if re.fullmatch(JOB_ID, job_id)]


def page_of_jobs(
    queue: str, registry: str, offset: int, per_page: int, order: str, redis: Redis
) -> tuple[int, list[dict[str, Any]]]:
    """How many jobs there are, and those on one page that can be read.

    rq-dashboard's own lists too many on the later pages of a registry, and takes a vanished job out of its queue.
    """
    first, last = (-offset - per_page, -offset - 1) if order == "dsc" else (offset, offset + per_page - 1)
    jobs = []
    for job_id in job_ids(queue, registry, redis, first, last):
        with suppress(NoSuchJobError):
            jobs.append(dashboard.serialize_job(KnownJob.fetch(job_id, redis)))
    count = redis.llen if registry == QUEUED else redis.zcard
    return count(key_of(queue, registry)), jobs[::-1] if order == "dsc" else jobs


def delete_all(queue: str, registry: str, redis: Redis) -> None:
    """Delete our jobs in a queue or registry, and take out whatever else stands in it."""
    if registry == QUEUED:
        KnownQueue(queue, connection=redis).empty()  # type: ignore[no-untyped-call]
        return
    for job_id in job_ids(queue, registry, redis):
        with suppress(NoSuchJobError):
            delete_job(job_id, redis)
    redis.delete(key_of(queue, registry))


def delete_job(job_id: str, redis: Redis) -> None:
    """Delete one of our jobs, whether it can be read or not. Raises NoSuchJobError, RedisError."""
    try:
        KnownJob.fetch(job_id, redis).delete()
    except UnreadableJob:
        redis.delete(Job.key_for(job_id), Result.get_key(job_id))  # type: ignore[no-untyped-call]
