"""How a worker takes jobs out of its queue: one that cannot be read costs nothing but itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, cast

from redis import Redis
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as TooSlow
from rq.intermediate_queue import IntermediateQueue
from rq.job import Job
from rq.queue import Queue

from presentations.generation import make_presentation
from presentations.jobs import JOB_ID, PRESENTATIONS, Work
from presentations.keeping import DECKS, prepare_deck
from presentations.webhooks import WEBHOOKS, deliver

log = logging.getLogger(__name__)

# A job is known by its name, which stands in Redis and outlives any move of the function: nothing is imported by it.
_FUNCTIONS = {PRESENTATIONS.job: make_presentation, WEBHOOKS.job: deliver, DECKS.job: prepare_deck}
# Of all that RQ keeps of a job. The others name functions to import, addresses to call, and other jobs.
_FIELDS = (
    "data",
    "status",
    "origin",
    "description",
    "created_at",
    "enqueued_at",
    "started_at",
    "timeout",
    "failure_ttl",
)


class OwnJob(Job):
    """A job as a worker reads it."""

    @property
    def func(self) -> Callable[..., Any]:
        """What one of our own jobs does."""
        return _FUNCTIONS[str(self.func_name)]

    def restore(self, raw_data: dict[bytes, bytes]) -> Any:
        """Raises whatever strange bytes make of the decoders."""
        return super().restore({name: raw_data[name] for name in map(str.encode, _FIELDS) if name in raw_data})

    def is_ours(self, work: Work) -> bool:
        """Whether Lectern has put it in line."""
        try:
            said = (self.origin, self.func_name, list(self.args), self.kwargs)
        except Exception:  # whatever a stranger's bytes make of the decoder
            return False
        meant: tuple[Any, ...] = (work.queue, work.job, [self.id.partition("_")[0]], {})
        return said == meant and re.fullmatch(JOB_ID, self.id) is not None


class Line(Queue):
    """RQ's queue, as a worker waits at it."""

    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> Any:
        """The next member, if it is text."""
        while (moved := super().lmove(connection, queue_key, timeout)) is not None:
            try:
                moved[1].decode()
            except UnicodeDecodeError:
                throw_away(connection, queue_key, moved[1], "its id is no text")
            else:
                break
        return moved

    @classmethod
    def _fetch_dequeued_job(  # type: ignore[override]
        cls, connection: Redis, queue_key: str, job_id: str, **classes: Any
    ) -> Any:
        """The job of this id, or nothing, upon which RQ takes the next."""
        try:
            found = super()._fetch_dequeued_job(connection, queue_key, job_id, **classes)
        except (Unreachable, TooSlow):
            raise
        except Exception as error:  # whatever a stranger's bytes make of the decoders
            throw_away(connection, queue_key, job_id.encode(), f"it cannot be read: {error!r}")
            return None
        if found is None:  # it has left the line meanwhile
            connection.lrem(IntermediateQueue.get_intermediate_queue_key(queue_key), 0, job_id)
        return found


def throw_away(redis: Redis, queue_key: str, job_id: bytes, why: str) -> None:
    """Delete a job that was taken out of its queue, whatever it is. Raises RedisError."""
    with redis.pipeline() as pipeline:
        pipeline.delete(Job.redis_job_namespace_prefix.encode() + job_id)
        pipeline.lrem(IntermediateQueue.get_intermediate_queue_key(queue_key), 0, cast(str, job_id))
        pipeline.execute()
    log.warning("job %s: thrown away: %s", job_id.decode(errors="backslashreplace"), why)
