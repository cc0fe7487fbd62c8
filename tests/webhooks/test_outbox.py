"""The line of deliveries: who stands in it, what is lost there, and what is cleared away."""

from __future__ import annotations

from redis import Redis
from sqlalchemy import text

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import Webhook
from presentations.jobs import WorkerContext
from presentations.library import Library
from presentations.local import Backends
from presentations.webhooks import WEBHOOKS, Revealed, Webhooks, purge_deliveries
from presentations.webhooks.delivery import attempt_of, record, send
from presentations.webhooks.outbox import ADMIT
from tests.support.receiver import Receiver
from tests.webhooks.deliveries import attempt, change, dispatch, log_of, send_due


def test_one_of_each_user_is_in_line_at_a_time(
    webhooks: Webhooks, context: WorkerContext, hook: Revealed, backends: Backends
) -> None:
    bobs = webhooks.subscribe("bob", hook.webhook.url)
    for _ in range(3):
        webhooks.send_test("alice", hook.webhook.id)
    test = webhooks.send_test("bob", bobs.webhook.id)
    dispatch(context)
    assert Redis.from_url(backends.redis_url).llen("rq:queue:webhooks") == 2
    assert attempt(context, test)
    assert attempt(context, test) is None
    webhooks.send_test("bob", bobs.webhook.id)
    dispatch(context)
    assert Redis.from_url(backends.redis_url).llen("rq:queue:webhooks") == 2


def test_a_lost_place_in_line_is_given_anew(
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    webhooks.send_test("alice", hook.webhook.id)
    dispatch(context)
    context.redis.flushdb()
    send_due(context)
    assert len(receiver.messages) == 1


def test_an_attempt_that_was_taken_for_dead_changes_nothing_any_more(
    database: Database, webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    test = webhooks.send_test("alice", hook.webhook.id)
    first = attempt(context, test)
    change(database, "deliveries", "claimed_until = now() - interval '1 second'")
    second = attempt(context, test)
    assert first
    assert second
    receiver.statuses = [500, 204]
    failure, success = (send(one, allow_private=True) for one in (first, second))
    record(context.engine(WEBHOOKS), second, success)
    record(context.engine(WEBHOOKS), first, failure)
    assert [(one.status, one.attempts) for one in log_of(webhooks, hook)] == [("delivered", 2)]
    assert webhooks.get("alice", hook.webhook.id).failing_since is None


def test_old_entries_are_cleared_away(
    database: Database, webhooks: Webhooks, library: Library, receiver: Receiver, hook: Revealed
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
    assert purge_deliveries(database) == 3
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


def test_what_waits_is_not_sent_once_its_webhook_has_no_ground(
    database: Database,
    webhooks: Webhooks,
    context: WorkerContext,
    receiver: Receiver,
    accounts: Accounts,
    library: Library,
) -> None:
    """Not even when somebody changed the row by hand, so that it was not switched off."""
    accounts.add("ann", "Ann", "ann@school.example", role="admin")
    Tokens(database).make("ann", "LMS", SCOPES, acts_for_all=True)
    everybodys = webhooks.subscribe("ann", receiver.url, all_users=True)
    library.cancel("teacher", library.create("teacher", "Secret plans").id)
    [delivery] = log_of(webhooks, everybodys)
    engine = context.engine(WEBHOOKS)
    begun = engine.leases.claim(delivery.id)
    assert begun
    change(database, "users", "role = 'teacher' WHERE id = 'ann'")
    assert attempt_of(database, begun) is None
    change(database, "deliveries", "claimed_by = NULL, claimed_until = NULL")
    send_due(context)
    assert context.redis.llen("rq:queue:webhooks") == 0
    assert engine.leases.claim(delivery.id) is None
    assert receiver.messages == []
    change(database, "users", "role = 'admin' WHERE id = 'ann'")
    send_due(context)
    assert [message.verified(everybodys.secret)["data"]["topic"] for message in receiver.messages] == ["Secret plans"]
