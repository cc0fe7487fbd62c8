"""Which workers there are is the same whoever is asked, and nothing that Redis holds hides them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from redis import Redis
from rq import Worker
from rq.executions import Execution
from rq.serializers import JSONSerializer

from presentations.database import Database
from presentations.jobs import quick_redis
from presentations.local import Backends
from presentations.operations import KnownWorker, Servers, everything, overview_of, workers_of
from presentations.settings import Settings


@pytest.fixture
def redis(backends: Backends) -> Redis:
    return quick_redis(backends.redis_url)


def begin(backends: Backends, name: str = "host.1.1") -> Worker:
    """A worker that is listed, and does nothing."""
    worker = Worker(
        ["presentations"], name=name, connection=Redis.from_url(backends.redis_url), serializer=JSONSerializer
    )
    worker.register_birth()  # type: ignore[no-untyped-call]
    return worker


def seen(settings: Settings, database: Database, redis: Redis, admin: FlaskClient) -> dict[str, object]:
    """How many threads make presentations, according to each who tells."""
    checks = everything(Servers(settings, database, redis, None))
    listed = admin.get("/admin/rq/0/data/workers.json").json or {}
    return {
        "overview": overview_of(database, redis, "UTC").threads,
        "check": next(check.problem for check in checks if check.name == "workers"),
        "dashboard": len(listed["workers"]),
    }


def test_overview_check_and_dashboard_say_the_same(
    settings: Settings, database: Database, redis: Redis, backends: Backends, ann: FlaskClient
) -> None:
    worker = begin(backends)
    assert seen(settings, database, redis, ann) == {"overview": 1, "check": None, "dashboard": 1}
    redis.delete(worker.key)
    worker.heartbeat()  # RQ's own, which makes a stump
    assert redis.exists(worker.key)
    assert redis.smembers("rq:workers:presentations")
    assert seen(settings, database, redis, ann) == {"overview": 0, "check": "No worker is there.", "dashboard": 0}


def add_gone(redis: Redis) -> None:
    redis.sadd("rq:workers", "rq:worker:gone")


def add_of_another_kind(redis: Redis) -> None:
    redis.sadd("rq:workers", "rq:worker:list", "no key of a worker", b"rq:worker:\xff")
    redis.rpush("rq:worker:list", "x")
    redis.set("rq:worker:\xff", "x")


def add_garbled(redis: Redis) -> None:
    redis.sadd("rq:workers", "rq:worker:born", "rq:worker:bytes", "rq:worker:counts")
    redis.hset("rq:worker:born", "birth", "yesterday")
    redis.hset("rq:worker:bytes", "birth", b"\xff\xfe")
    redis.hset("rq:worker:counts", mapping={"birth": "2026-01-01T00:00:00.000000Z", "pid": "many"})


def garble_executions(redis: Redis) -> None:
    redis.sadd("rq:workers", "rq:worker:busy")
    redis.hset("rq:worker:busy", mapping={"birth": "2026-01-01T00:00:00.000000Z", "queues": "presentations"})
    redis.sadd("rq:worker:busy:executions", "a:b:c", b"\xff", "job:execution")
    redis.hset(Execution("execution", "job", redis).key, "created_at", "long ago")


@pytest.mark.parametrize("add", [add_gone, add_of_another_kind, add_garbled, garble_executions])
def test_one_that_cannot_be_read_hides_no_other(add: Callable[[Redis], None], redis: Redis, backends: Backends) -> None:
    begin(backends)
    add(redis)
    assert [worker.name for worker in KnownWorker.all(redis)] == ["host.1.1"]
    assert list(workers_of(redis) or ()) == ["host.1"]


def test_looking_at_workers_leaves_the_client_as_quick_as_it_was(redis: Redis, backends: Backends) -> None:
    begin(backends)
    assert workers_of(redis)
    assert redis.connection_pool.connection_kwargs["socket_timeout"] == 1
