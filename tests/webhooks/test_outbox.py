"""The line of deliveries: who stands in it, what is lost there, and what is cleared away."""

from __future__ import annotations

from datetime import timedelta

from redis import Redis
from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Webhook
from presentations.jobs import Workshop
from presentations.jobs.outbox import ADMIT, purge
from presentations.library import Library
from presentations.local import Backends
from presentations.webhooks import Revealed, Webhooks
from presentations.webhooks.delivery import claim, record, send
from tests.support.receiver import Receiver
from tests.webhooks.deliveries import change, log_of, send_due


def test_one_of_each_user_is_in_line_at_a_time(
    webhooks: Webhooks, workshop: Workshop, hook: Revealed, backends: Backends
) -> None:
    bobs = webhooks.subscribe("bob", hook.webhook.url)
    for _ in range(3):
        webhooks.send_test("alice", hook.webhook.id)
    test = webhooks.send_test("bob", bobs.webhook.id)
    workshop.outbox.run_once()
    assert Redis.from_url(backends.redis_url).llen("rq:queue:webhooks") == 2
    assert claim(workshop.database, test.id, timedelta(seconds=30))
    assert claim(workshop.database, test.id, timedelta(seconds=30)) is None
    webhooks.send_test("bob", bobs.webhook.id)
    workshop.outbox.run_once()
    assert Redis.from_url(backends.redis_url).llen("rq:queue:webhooks") == 2


def test_a_lost_place_in_line_is_given_anew(
    webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    webhooks.send_test("alice", hook.webhook.id)
    workshop.outbox.run_once()
    workshop.line.redis.flushdb()
    send_due(workshop)
    assert len(receiver.messages) == 1


def test_an_attempt_that_was_taken_for_dead_changes_nothing_any_more(
    database: Database, webhooks: Webhooks, receiver: Receiver, hook: Revealed
) -> None:
    test = webhooks.send_test("alice", hook.webhook.id)
    first = claim(database, test.id, timedelta(0))
    second = claim(database, test.id, timedelta(seconds=30))
    assert first
    assert second
    receiver.statuses = [500, 204]
    failure, success = (send(attempt, allow_private=True) for attempt in (first, second))
    record(database, second, success)
    record(database, first, failure)
    assert [(one.status, one.attempts) for one in log_of(webhooks, hook)] == [("delivered", 2)]
    assert webhooks.get("alice", hook.webhook.id).failing_since is None


def test_old_entries_are_cleared_away(
    database: Database, webhooks: Webhooks, library: Library, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    asked, live = library.create("alice", "Photosynthesis"), library.create("alice", "Cells")
    once = webhooks.subscribe_once("alice", asked.id, f"{receiver.url}/1").webhook
    of_live = webhooks.subscribe_once("alice", live.id, f"{receiver.url}/2").webhook
    library.cancel("alice", asked.id)
    change(database, "deliveries", "created_at = now() - interval '31 days'")
    kept = webhooks.send_test("alice", hook.webhook.id)
    with database.begin() as session:
        session.execute(text("ALTER TABLE presentation_jobs DISABLE TRIGGER presentation_jobs_changed"))
        session.execute(text("UPDATE presentation_jobs SET changed_at = now() - interval '31 days'"))
    workshop.outbox.run_once()
    assert purge(database) == 0
    assert [delivery.id for delivery in log_of(webhooks, hook)] == [kept.id]
    with database.begin() as session:
        left = set(session.query(Webhook.id).all())
    assert left == {(hook.webhook.id,), (of_live.id,)}
    assert once.id not in left


def test_what_is_due_is_found_by_an_index(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(session.scalars(text(f"EXPLAIN {ADMIT.text}"), {"user_id": "alice"}))
    assert "presentation_deliveries_order" in plan
    assert "presentation_deliveries_in_line" in plan
    assert "presentation_deliveries_claimed" in plan
