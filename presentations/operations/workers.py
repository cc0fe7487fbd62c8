"""The workers that Redis knows of: one look for the overview, `check`, the metrics and rq-dashboard."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, cast

from redis import Redis
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as TooSlow
from rq import Worker
from rq.exceptions import NoSuchJobError
from rq.serializers import JSONSerializer

from presentations.jobs import PRESENTATIONS
from presentations.keeping import DECKS
from presentations.webhooks import WEBHOOKS

log = logging.getLogger(__name__)

# Of all that threads of workers do.
QUEUES = (PRESENTATIONS.queue, WEBHOOKS.queue, DECKS.queue)


@dataclass(frozen=True)
class Thread:
    """One thread of a worker: what it is for, and the job it is at, if any."""

    queue: str
    job_id: str | None


@contextmanager
def unreadable_is_gone() -> Iterator[None]:
    """Takes whatever Redis holds that cannot be read for what it does not hold. Raises NoSuchJobError, RedisError."""
    try:
        yield
    except (NoSuchJobError, Unreachable, TooSlow):
        raise
    except Exception as error:  # whatever a stranger's bytes make of the decoders
        raise NoSuchJobError(f"cannot be read: {error!r}") from error


class KnownWorker(Worker):
    """A worker as those see it who only look."""

    @classmethod
    def all(cls, connection: Redis, **_: Any) -> list[Self]:  # type: ignore[override]
        """Those that Redis knows whole. Raises RedisError.

        What vanishes meanwhile, cannot be read, or is the stump that RQ's heartbeat makes of a forgotten worker (which
        that worker's next beat makes whole) is left out, and does not hide the others.
        """
        keys = cast(set[bytes], connection.smembers(cls.redis_workers_keys))
        found = (cls._at(key, connection) for key in sorted(keys))
        return [worker for worker in found if worker is not None and worker.birth_date is not None]

    @classmethod
    def _at(cls, key: bytes, connection: Redis) -> Self | None:
        try:
            with unreadable_is_gone():
                worker = cast(Self | None, cls.find_by_key(key.decode(), connection, serializer=JSONSerializer))
                if worker is not None:
                    worker.get_current_executions()
                return worker
        except NoSuchJobError as error:
            log.debug("worker %r: %s", key, error)
            return None

    def _set_connection(self, connection: Redis) -> Redis:
        """RQ's own has every later connection of this client wait for minutes, for the sake of a worker's waiting."""
        return connection


def workers_of(redis: Redis) -> Mapping[str, Sequence[Thread]] | None:
    """The threads of all workers, by host and process; None when Redis does not tell."""
    found: dict[str, list[Thread]] = {}
    try:
        for worker in KnownWorker.all(redis):
            queue = next((name for name in worker.queue_names() if name in QUEUES), "")
            found.setdefault(worker.name.rpartition(".")[0], []).append(Thread(queue, worker.get_current_job_id()))
    except RedisError:
        return None
    return {name: sorted(found[name], key=lambda thread: (thread.queue, thread.job_id or "")) for name in sorted(found)}


def makers_among(workers: Mapping[str, Sequence[Thread]] | None) -> int:
    """How many threads make presentations."""
    return sum(thread.queue == PRESENTATIONS.queue for threads in (workers or {}).values() for thread in threads)
