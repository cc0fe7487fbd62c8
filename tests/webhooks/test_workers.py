"""Webhooks that are sent by real workers, which are killed, cut off and stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redis import Redis

from presentations.library import Library
from presentations.local import Backends
from presentations.webhooks import Revealed, Webhooks
from tests.support.processes import Process
from tests.support.receiver import Message, Receiver
from tests.support.waiting import eventually
from tests.webhooks.deliveries import log_of

StartWorker = Callable[..., Process]


def heard(receiver: Receiver, count: int) -> list[Message]:
    return eventually(lambda: receiver.messages if len(receiver.messages) >= count else [])


def test_a_worker_tells_how_presentations_end(
    webhooks: Webhooks, library: Library, start_worker: StartWorker, receiver: Receiver, hook: Revealed
) -> None:
    worker = start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    made = library.create("alice", "Photosynthesis", 1)
    failed = library.create("alice", "Cells [[fail=1]]", 2)
    seen: dict[str, Any] = {}
    for message in heard(receiver, 2):
        payload = message.verified(hook.secret)
        seen[payload["data"]["job_id"]] = (payload["type"], payload["data"])
    event, data = seen[str(made.id)]
    assert event == "presentation.completed"
    assert data["presenton_url"] == library.get(None, made.id).presenton_url
    event, data = seen[str(failed.id)]
    assert event == "presentation.failed"
    assert "Trying again later usually helps" in data["error"]
    worker.wait_for("delivery", "delivered")
    assert worker.stop() == 0


def test_a_worker_reaches_nothing_private_by_default(
    webhooks: Webhooks, library: Library, start_worker: StartWorker, receiver: Receiver, hook: Revealed
) -> None:
    worker = start_worker()
    library.cancel("alice", library.create("alice", "Photosynthesis", 1).id)
    worker.wait_for("delivery", "no answer; again in")
    assert receiver.messages == []


def test_a_worker_killed_after_the_end_and_before_it_was_told(
    webhooks: Webhooks, library: Library, start_worker: StartWorker, receiver: Receiver, hook: Revealed
) -> None:
    # So rarely does this one look for what is due that it is killed before.
    worker = start_worker(WEBHOOK_ALLOW_PRIVATE="1", DISPATCH_INTERVAL="60")
    asked = library.create("alice", "Photosynthesis", 1)
    eventually(lambda: library.get(None, asked.id).status == "complete")
    worker.kill()
    assert receiver.messages == []
    start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    assert heard(receiver, 1)[0].verified(hook.secret)["data"]["job_id"] == str(asked.id)


def test_a_worker_killed_while_it_tells(
    webhooks: Webhooks, library: Library, start_worker: StartWorker, receiver: Receiver, hook: Revealed
) -> None:
    receiver.may_answer.clear()
    worker = start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    asked = library.create("alice", "Photosynthesis", 1)
    first = heard(receiver, 1)[0]
    worker.kill()
    receiver.may_answer.set()
    start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    second = heard(receiver, 2)[1]
    assert first.id == second.id
    assert second.verified(hook.secret)["data"]["job_id"] == str(asked.id)
    eventually(lambda: log_of(webhooks, hook)[0].status == "delivered")


def test_a_worker_that_loses_redis_still_tells(
    webhooks: Webhooks, start_worker: StartWorker, receiver: Receiver, hook: Revealed, backends: Backends
) -> None:
    worker = start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    redis = Redis.from_url(backends.redis_url)
    for number in range(1, 4):
        webhooks.send_test("alice", hook.webhook.id)
        redis.flushdb()
        heard(receiver, number)
    assert worker.stop() == 0


def test_an_endpoint_that_hangs_does_not_hold_up_a_stop_or_others(
    webhooks: Webhooks, start_worker: StartWorker, receiver: Receiver, hook: Revealed
) -> None:
    receiver.may_answer.clear()
    for _ in range(5):
        webhooks.send_test("alice", hook.webhook.id)
    worker = start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    heard(receiver, 1)
    with Receiver() as quick:
        bobs = webhooks.subscribe("bob", quick.url)
        webhooks.send_test("bob", bobs.webhook.id)
        heard(quick, 1)
    assert len(receiver.messages) == 1
    assert worker.stop() == 0
