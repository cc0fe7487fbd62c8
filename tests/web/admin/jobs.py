"""Jobs put into Redis by hand: our own in every state, and what a stranger may leave there."""

from __future__ import annotations

import zlib
from typing import Any
from uuid import uuid4

from redis import Redis
from rq import Queue
from rq.executions import Execution
from rq.job import Job
from rq.results import Result
from rq.serializers import DefaultSerializer, JSONSerializer

from presentations.jobs import PRESENTATIONS
from presentations.web.admin.rq_records import QUEUED, key_of

QUEUE = PRESENTATIONS.queue
STATES = {"queued", "scheduled", "deferred", "started", "finished", "failed", "canceled"}


def new_id() -> str:
    return f"{uuid4()}_1"


def put(
    redis: Redis, state: str, job_id: str | None = None, *, said: str = "A presentation", pickled: bool = False
) -> str:
    """A job in a state, which says `said` wherever it can; gives its id."""
    queue = Queue(QUEUE, connection=redis, serializer=DefaultSerializer if pickled else JSONSerializer)
    job = queue.create_job(
        PRESENTATIONS.job, args=(said,), description=said, job_id=job_id or new_id(), meta={said: said}
    )
    job.set_status(state, pipeline=redis)  # type: ignore[arg-type]
    if state == "failed":
        Result.create_failure(job, 600, said)
    if state == "finished":
        job._result = said
        Result.create(job, Result.Type.SUCCESSFUL, 600, return_value=said)
    job.save()
    list_it(redis, state, job.id)
    return job.id


def list_it(redis: Redis, state: str, member: str | bytes) -> None:
    """Have a queue or one of its registries name a job."""
    if state == QUEUED:
        redis.rpush(key_of(QUEUE, state), member)
        return
    if state == "started":
        member = Execution(uuid4().hex, str(member), redis).composite_key
    last: Any = {member: redis.zcard(key_of(QUEUE, state)) + 2e9}
    redis.zadd(key_of(QUEUE, state), last)


def unreadable(redis: Redis, state: str) -> tuple[list[str], list[str]]:
    """Jobs that are listed in a state and cannot be shown: the ids of our own that are there, and of the others."""
    ids = {name: put(redis, state) for name in ("data", "created_at", "description", "meta", "status", "exc_info")}
    for name, job_id in ids.items():
        redis.hset(Job.key_for(job_id), name, zlib.compress(b"\x80\xff") if name != "status" else "no such")
    gone, kind, answer = put(redis, state), put(redis, state), put(redis, state)
    redis.delete(Job.key_for(gone), Job.key_for(kind))
    redis.rpush(Job.key_for(kind), "x")
    redis.delete(f"rq:results:{answer}")
    redis.xadd(f"rq:results:{answer}", {"type": 9, "exc_string": "not compressed"})
    pickled, stranger = put(redis, state, pickled=True), put(redis, state, "stranger")
    if state != "started":
        list_it(redis, state, b"\xff\xfe")
    return [*ids.values(), kind, answer, pickled], [gone, stranger]
