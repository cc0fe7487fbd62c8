"""What others have put into Redis where RQ keeps its own: one such key stops all that reads or writes it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from redis import Redis
from redis.exceptions import WatchError

log = logging.getLogger(__name__)

_ASIDE = "lectern:set-aside:"
_KEPT = 30 * 24 * 3600
_TYPES = {
    "lectern:line:{}": "string",
    "lectern:swept": "string",
    "rq:queues": "set",
    "rq:workers": "set",
    "rq:workers:{}": "set",
    "rq:queue:{}": "list",
    "rq:queue:{}:intermediate": "list",
    "rq:wip:{}": "zset",
    "rq:failed:{}": "zset",
    "rq:finished:{}": "zset",
    "rq:canceled:{}": "zset",
    "rq:deferred:{}": "zset",
    "rq:scheduled:{}": "zset",
}


@dataclass(frozen=True)
class Foreign:
    """A key of the wrong type; types are named as Redis names them."""

    key: str
    found: str
    expected: str


def foreign_keys(redis: Redis, queues: Sequence[str]) -> list[Foreign]:
    """The keys of these queues, and of all, that hold something else than RQ keeps there. Raises RedisError."""
    types = {key.format(queue): expected for queue in queues for key, expected in _TYPES.items()}
    with redis.pipeline(transaction=False) as pipeline:
        for key in types:
            pipeline.type(key)
        found = pipeline.execute()
    told = [Foreign(key, name.decode(), types[key]) for key, name in zip(types, found, strict=True)]
    return [one for one in told if one.found not in (one.expected, "none")]


def set_aside(redis: Redis, queue: str) -> None:
    """Rename such keys, for 30 days; what they ought to hold is made anew from the rows. Raises RedisError."""
    for one in foreign_keys(redis, [queue]):
        if _renamed(redis, one):
            log.error(
                "Redis: %s was a %s, not a %s; it is %s now. Somebody else writes to this Redis (REDIS_URL)",
                *(one.key, one.found, one.expected, _ASIDE + one.key),
            )


def _renamed(redis: Redis, one: Foreign) -> bool:
    """False where another dispatcher was faster, and what stands there by now is as it ought to be."""
    with redis.pipeline() as pipeline:
        pipeline.watch(one.key)  # type: ignore[no-untyped-call]
        if cast(bytes, pipeline.type(one.key)).decode() != one.found:
            return False
        pipeline.multi()
        pipeline.rename(one.key, _ASIDE + one.key)
        pipeline.expire(_ASIDE + one.key, _KEPT)
        try:
            pipeline.execute()
        except WatchError:
            return False
    return True
