"""What fails is tried again for about a day; an endpoint that goes on failing is switched off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from presentations.database import Database
from presentations.jobs import WorkerContext
from presentations.library import Library
from presentations.webhooks import Revealed, Webhooks
from presentations.webhooks.delivery import PAUSES
from tests.support.receiver import Receiver
from tests.webhooks.deliveries import change, ended, log_of, make_due, send_due


def test_a_failure_is_tried_again_with_the_same_id_and_body(
    database: Database, webhooks: Webhooks, library: Library, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    ended(library)
    receiver.statuses = [500]
    send_due(context)
    [waiting] = log_of(webhooks, hook)
    assert (waiting.status, waiting.status_code, waiting.problem) == ("waiting", 500, "It answered with status 500.")
    failing_since = webhooks.get("alice", hook.webhook.id).failing_since
    assert failing_since
    assert timedelta(seconds=4.5) <= waiting.due_at - failing_since <= timedelta(seconds=5.5)
    send_due(context)
    assert len(receiver.messages) == 1, "not before it is due"
    make_due(database)
    send_due(context)
    first, second = receiver.messages
    assert (first.id, first.body) == (second.id, second.body)
    assert log_of(webhooks, hook)[0].status == "delivered"
    assert webhooks.get("alice", hook.webhook.id).failing_since is None


def test_a_redirect_is_a_failure_that_says_so(
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses, receiver.headers = [302], {"Location": receiver.url}
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
    assert len(receiver.messages) == 1
    assert "Redirects are not followed" in (log_of(webhooks, hook)[0].problem or "")


def test_attempts_go_on_for_about_a_day(
    database: Database, webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    assert list(PAUSES) == sorted(set(PAUSES))
    assert 20 * 3600 < sum(PAUSES) < 28 * 3600
    receiver.statuses = [500] * 20
    webhooks.send_test("alice", hook.webhook.id)
    for _ in range(len(PAUSES) + 3):
        make_due(database)
        send_due(context)
    [delivery] = log_of(webhooks, hook)
    assert (delivery.status, delivery.attempts) == ("failed", len(PAUSES) + 1)
    assert len(receiver.messages) == len(PAUSES) + 1


def test_retry_after_of_a_real_answer(
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses, receiver.headers = [429], {"Retry-After": "3600"}
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
    assert log_of(webhooks, hook)[0].due_at - datetime.now(UTC) > timedelta(minutes=59)


def test_an_endpoint_that_fails_for_five_days_is_switched_off(
    database: Database, webhooks: Webhooks, library: Library, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses = [500] * 9
    ended(library)
    send_due(context)
    change(database, "webhooks", "failing_since = now() - interval '4 days 23 hours'")
    make_due(database)
    send_due(context)
    assert webhooks.get("alice", hook.webhook.id).is_active
    change(database, "webhooks", "failing_since = now() - interval '5 days'")
    make_due(database)
    send_due(context)
    off = webhooks.get("alice", hook.webhook.id)
    assert (off.is_active, off.switched_off_at is not None) == (False, True)
    assert off.switched_off_why == "It has failed for 5 days. Its last failure: It answered with status 500."
    make_due(database)
    ended(library, "Cells")
    send_due(context)
    assert len(receiver.messages) == 3
    receiver.statuses = []
    webhooks.update("alice", off.id, is_active=True)
    send_due(context)
    assert [delivery.status for delivery in log_of(webhooks, hook)] == ["delivered"]


def test_an_endpoint_that_is_gone_for_good_is_switched_off(
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses = [410]
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
    assert "410" in (webhooks.get("alice", hook.webhook.id).switched_off_why or "")
