"""Old and new releases side by side: jobs carry the dotted names of their functions as text, and these names stay."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from uuid import UUID

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from presentations.database import Database
from presentations.jobs import Engine
from presentations.library import Library
from presentations.webhooks import WEBHOOKS, Webhooks
from tests.support.presentations import ended
from tests.support.processes import Process
from tests.support.receiver import Receiver
from tests.support.waiting import eventually

# As every release so far has written them: an older worker throws a job of any other name away.
MAKE = "presentations.generation.make_presentation"
DELIVER = "presentations.deliveries.deliver"

StartWorker = Callable[..., Process]


@pytest.fixture
def redis(redis_url: str) -> Redis:
    return Redis.from_url(redis_url)


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, allow_private=True)


def put_in_line(database: Database, redis: Redis) -> None:
    """Have Alice's webhook that is due enter its queue."""
    Engine(WEBHOOKS, database, redis).let_next_in("alice")


def enqueue_as_before(redis: Redis, queue: str, name: str, row_id: UUID) -> None:
    """Have nothing else in Redis than this job, as older releases put it there."""
    redis.flushdb()
    Queue(queue, connection=redis, serializer=JSONSerializer).enqueue_call(
        name, args=(str(row_id),), job_id=f"{row_id}_1", timeout=604_800, failure_ttl=2_592_000, unique=True
    )


def waiting(redis: Redis, queue: str) -> list[tuple[str, list[str]]]:
    """The function's name and the arguments of each job in line, as older workers read them."""
    jobs = [redis.hget(f"rq:job:{job_id.decode()}", "data") for job_id in redis.lrange(f"rq:queue:{queue}", 0, -1)]  # type: ignore[union-attr]
    read = [json.loads(zlib.decompress(data)) for data in jobs]  # type: ignore[arg-type]
    return [(name, arguments) for name, _, arguments, _ in read]


def test_a_presentation_that_an_older_release_put_in_line_is_made(
    library: Library, redis: Redis, start_worker: StartWorker
) -> None:
    asked = library.create("alice", "Photosynthesis", 1)
    enqueue_as_before(redis, "presentations", MAKE, asked.id)
    worker = start_worker(LINE_LOST_AFTER="60")
    made = ended(library, asked)[0]
    assert (made.status, made.line_entry) == ("complete", 1)
    assert not worker.lines("thrown away")


def test_a_webhook_that_an_older_release_put_in_line_is_sent(
    database: Database, webhooks: Webhooks, redis: Redis, start_worker: StartWorker
) -> None:
    with Receiver() as receiver:
        hook = webhooks.subscribe("alice", receiver.url).webhook
        test = webhooks.send_test("alice", hook.id)
        put_in_line(database, redis)
        enqueue_as_before(redis, "webhooks", DELIVER, test.id)
        worker = start_worker(LINE_LOST_AFTER="60", WEBHOOK_ALLOW_PRIVATE="1")
        eventually(lambda: webhooks.deliveries("alice", hook.id).items[0].status == "delivered")
        assert [message.id for message in receiver.messages] == [str(test.id)]
    assert webhooks.deliveries("alice", hook.id).items[0].line_entry == 1
    assert not worker.lines("thrown away")


def test_older_workers_know_what_this_release_puts_in_line(
    library: Library, database: Database, webhooks: Webhooks, redis: Redis
) -> None:
    asked = library.create("alice", "Photosynthesis")
    test = webhooks.send_test("alice", webhooks.subscribe("alice", "http://127.0.0.1:9/").webhook.id)
    put_in_line(database, redis)
    assert waiting(redis, "presentations") == [(MAKE, [str(asked.id)])]
    assert waiting(redis, "webhooks") == [(DELIVER, [str(test.id)])]
