"""All that is in a Redis, as text."""

from __future__ import annotations

from typing import Any

from redis import Redis

_READ: dict[bytes, Any] = {
    b"string": lambda redis, key: redis.get(key),
    b"list": lambda redis, key: redis.lrange(key, 0, -1),
    b"set": lambda redis, key: redis.smembers(key),
    b"zset": lambda redis, key: redis.zrange(key, 0, -1),
    b"hash": lambda redis, key: redis.hgetall(key),
    b"stream": lambda redis, key: redis.xrange(key),
}


def dump_of(redis: Redis) -> str:
    """Each key and what it holds, a line each."""
    keys = sorted(redis.scan_iter())
    return "\n".join(f"{key!r}: {_READ[redis.type(key)](redis, key)!r}" for key in keys)  # type: ignore[index]
