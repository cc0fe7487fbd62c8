"""Webhooks that are sent: to a real server that verifies them with the package, by real workers that are killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text
from standardwebhooks.webhooks import WebhookVerificationError

from presentations.database import Database
from presentations.database.models import Delivery, Webhook
from presentations.errors import Conflicting
from presentations.jobs import Leases, Workshop, current_workshop
from presentations.jobs.outbox import ADMIT, purge
from presentations.library import Library
from presentations.local import Backends
from presentations.presenton import Presenton
from presentations.settings import Settings
from presentations.webhooks import Revealed, Webhooks, sender
from presentations.webhooks.delivery import LONGEST_RETRY_AFTER, PAUSES, claim, deliver, pause_after, record, send
from presentations.webhooks.sender import Answer
from tests.support.processes import Process
from tests.support.receiver import Message, Receiver
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, allow_private=True)


@pytest.fixture
def hook(webhooks: Webhooks, receiver: Receiver) -> Revealed:
    """Alice's webhook, which goes to `receiver`."""
    return webhooks.subscribe("alice", receiver.url)


@pytest.fixture
def workshop(settings: Settings, database: Database, library: Library) -> Workshop:
    own = replace(settings, webhook_allow_private=True, line_lost_after=0.0)
    workshop = Workshop(own, database, library.line, Presenton(settings), Leases(database, 30))
    current_workshop.set(workshop)
    return workshop


def send_due(workshop: Workshop) -> None:
    """What the outbox and a thread at its line do until nothing more is due."""
    workshop.outbox.run_once()
    redis = workshop.line.redis
    while job_id := redis.lpop("rq:queue:webhooks"):
        deliver(job_id.decode().split("_")[0])  # type: ignore[union-attr]


def ended(library: Library, topic: str = "Photosynthesis", user: str = "alice") -> str:
    """The id of a presentation that was cancelled."""
    return str(library.cancel(user, library.create(user, topic).id).id)


def log_of(webhooks: Webhooks, hook: Revealed) -> list[Delivery]:
    return webhooks.deliveries(None, hook.webhook.id).items


def change(database: Database, table: str, values: str) -> None:
    with database.begin() as session:
        session.execute(text(f"UPDATE presentation_{table} SET {values}"))


def make_due(database: Database) -> None:
    change(database, "deliveries", "due_at = now() WHERE status = 'waiting'")


def test_what_is_sent_can_be_verified(
    webhooks: Webhooks, library: Library, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    job_id = ended(library, 'Äpfel & "Birnen" \U0001f34e')
    receiver.text = b"thanks" * 1000
    send_due(workshop)
    [message] = receiver.messages
    payload = message.verified(hook.secret)
    data = payload["data"]
    assert payload["type"] == "presentation.cancelled"
    assert datetime.fromisoformat(payload["timestamp"]).tzinfo == UTC
    assert (data["job_id"], data["user_id"], data["status"]) == (job_id, "alice", "cancelled")
    assert (data["topic"], data["title"]) == ('Äpfel & "Birnen" \U0001f34e',) * 2
    assert (data["subject"], data["presenton_url"], data["error"]) == ("default", None, None)
    assert {"created_at", "started_at", "completed_at", "ended_at"} <= data.keys()
    assert message.headers["Content-Type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        message.verified(webhooks.rotate_secret("alice", hook.webhook.id).secret)
    [delivery] = log_of(webhooks, hook)
    assert (message.id, delivery.payload) == (str(delivery.id), payload)
    assert (delivery.status, delivery.status_code, delivery.attempts, delivery.problem) == ("delivered", 204, 1, None)
    assert delivery.request
    assert delivery.request["url"] == receiver.url
    assert delivery.request["headers"]["webhook-signature"] == message.headers["webhook-signature"]
    assert delivery.duration_ms is not None
    assert delivery.as_dict()["sent_at"]


def test_the_first_2_kb_of_an_answer_are_kept(
    webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses, receiver.text = [200], b"thanks" * 1000
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    assert log_of(webhooks, hook)[0].answer == ("thanks" * 1000)[:2048]


@pytest.mark.parametrize(
    ("end", "event"),
    [
        ("status = 'complete', completed_at = now(), presenton_url = '/presentation?id=7'", "presentation.completed"),
        ("status = 'error', error = 'It took too long.'", "presentation.failed"),
        ("status = 'cancelled'", "presentation.cancelled"),
    ],
)
def test_each_end_is_its_event_whatever_code_writes_it(
    database: Database, library: Library, webhooks: Webhooks, hook: Revealed, end: str, event: str
) -> None:
    only = webhooks.subscribe("alice", hook.webhook.url, [event])
    others = webhooks.subscribe("alice", hook.webhook.url, {"presentation.completed", "presentation.failed"} - {event})
    off = webhooks.subscribe("alice", hook.webhook.url)
    webhooks.update("alice", off.webhook.id, is_active=False)
    bobs = webhooks.subscribe("bob", hook.webhook.url)
    asked = library.create("alice", "Photosynthesis", subject="Biology")
    change(database, "jobs", f"queued_at = NULL, ended_at = now(), {end}")
    change(database, "jobs", "title = 'Leaves'")
    assert [one.event for one in log_of(webhooks, hook)] == [event]
    assert [one.event for one in log_of(webhooks, only)] == [event]
    assert [log_of(webhooks, one) for one in (others, off, bobs)] == [[], [], []]
    data = log_of(webhooks, hook)[0].payload["data"]
    ended_row = library.get("alice", asked.id)
    for name in ("user_id", "topic", "subject", "status", "presenton_url", "error"):
        assert data[name] == getattr(ended_row, name)
    assert datetime.fromisoformat(data["ended_at"]) - (ended_row.ended_at or datetime.now(UTC)) < timedelta(seconds=1)


def test_what_is_undone_is_not_told(database: Database, library: Library, webhooks: Webhooks, hook: Revealed) -> None:
    asked = library.create("alice", "Photosynthesis")
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET status = 'cancelled', queued_at = NULL"))
        session.rollback()
    assert log_of(webhooks, hook) == []
    library.delete("alice", asked.id)
    library.restore("alice", asked.id)
    library.delete("alice", asked.id)
    assert [one.event for one in log_of(webhooks, hook)] == ["presentation.cancelled"]


def test_for_a_day_both_secrets_sign(
    database: Database, webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    new = webhooks.rotate_secret("alice", hook.webhook.id)
    assert new.secret != hook.secret
    until = new.webhook.previous_secret_until
    assert until
    assert timedelta(hours=23, minutes=59) < until - datetime.now(UTC) < timedelta(hours=24, minutes=1)
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    for secret in (hook.secret, new.secret):
        assert receiver.messages[0].verified(secret)["type"] == "webhook.test"
    change(database, "webhooks", "previous_secret_until = now()")
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    receiver.messages[1].verified(new.secret)
    with pytest.raises(WebhookVerificationError):
        receiver.messages[1].verified(hook.secret)


def test_a_failure_is_tried_again_with_the_same_id_and_body(
    database: Database, webhooks: Webhooks, library: Library, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    ended(library)
    receiver.statuses = [500]
    send_due(workshop)
    [waiting] = log_of(webhooks, hook)
    assert (waiting.status, waiting.status_code, waiting.problem) == ("waiting", 500, "It answered with status 500.")
    assert timedelta(seconds=3) < waiting.due_at - datetime.now(UTC) < timedelta(seconds=6)
    assert webhooks.get("alice", hook.webhook.id).failing_since
    send_due(workshop)
    assert len(receiver.messages) == 1, "not before it is due"
    make_due(database)
    send_due(workshop)
    first, second = receiver.messages
    assert (first.id, first.body) == (second.id, second.body)
    assert log_of(webhooks, hook)[0].status == "delivered"
    assert webhooks.get("alice", hook.webhook.id).failing_since is None


def test_a_redirect_is_a_failure_that_says_so(
    webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses, receiver.headers = [302], {"Location": receiver.url}
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    assert len(receiver.messages) == 1
    assert "Redirects are not followed" in (log_of(webhooks, hook)[0].problem or "")


def test_attempts_go_on_for_about_a_day(
    database: Database, webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    assert list(PAUSES) == sorted(set(PAUSES))
    assert 20 * 3600 < sum(PAUSES) < 28 * 3600
    receiver.statuses = [500] * 20
    webhooks.send_test("alice", hook.webhook.id)
    for _ in range(len(PAUSES) + 3):
        make_due(database)
        send_due(workshop)
    [delivery] = log_of(webhooks, hook)
    assert (delivery.status, delivery.attempts) == ("failed", len(PAUSES) + 1)
    assert len(receiver.messages) == len(PAUSES) + 1


NOW = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        (None, 4, 6),
        ("120", 120, 120),
        ("1", 4, 6),
        ("-5", 4, 6),
        ("soon", 4, 6),
        ("²", 4, 6),
        ("9" * 40, LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
        ("Tue, 24 Nov 2026 08:02:00 GMT", 120, 120),
        ("Tue, 24 Nov 2026 07:00:00 GMT", 4, 6),
        ("Fri, 24 Nov 2090 08:00:00 GMT", LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
    ],
)
def test_retry_after_is_obeyed_within_bounds(retry_after: str | None, least: float, most: float) -> None:
    pause = pause_after(1, Answer(503, "", retry_after), NOW)
    assert pause is not None
    assert least <= pause <= most


def test_retry_after_of_a_real_answer(
    webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses, receiver.headers = [429], {"Retry-After": "3600"}
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    assert log_of(webhooks, hook)[0].due_at - datetime.now(UTC) > timedelta(minutes=59)


def test_pauses_differ() -> None:
    assert len({pause_after(3, None, NOW) for _ in range(5)}) > 1


def test_events_of_a_presentation_come_in_order(
    database: Database, webhooks: Webhooks, library: Library, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    first = ended(library)
    receiver.statuses = [500]
    send_due(workshop)
    library.retry("alice", first)
    library.cancel("alice", first)
    other = ended(library, "Cells")
    send_due(workshop)
    heard = [message.verified(hook.secret)["data"]["job_id"] for message in receiver.messages]
    assert heard == [first, other], "others need not wait"
    make_due(database)
    send_due(workshop)
    [_, *of_first] = [delivery for delivery in log_of(webhooks, hook)[::-1] if str(delivery.presentation_id) == first]
    assert len(of_first) == 1
    assert [message.id for message in receiver.messages[2:]] == [receiver.messages[0].id, str(of_first[0].id)]


def test_an_endpoint_that_fails_for_five_days_is_switched_off(
    database: Database, webhooks: Webhooks, library: Library, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses = [500] * 9
    ended(library)
    send_due(workshop)
    change(database, "webhooks", "failing_since = now() - interval '4 days 23 hours'")
    make_due(database)
    send_due(workshop)
    assert webhooks.get("alice", hook.webhook.id).is_active
    change(database, "webhooks", "failing_since = now() - interval '5 days'")
    make_due(database)
    send_due(workshop)
    off = webhooks.get("alice", hook.webhook.id)
    assert (off.is_active, off.switched_off_at is not None) == (False, True)
    assert off.switched_off_why == "It has failed for 5 days. Its last failure: It answered with status 500."
    make_due(database)
    ended(library, "Cells")
    send_due(workshop)
    assert len(receiver.messages) == 3
    receiver.statuses = []
    webhooks.update("alice", off.id, is_active=True)
    send_due(workshop)
    assert [delivery.status for delivery in log_of(webhooks, hook)] == ["delivered"]


def test_an_endpoint_that_is_gone_for_good_is_switched_off(
    webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses = [410]
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    assert "410" in (webhooks.get("alice", hook.webhook.id).switched_off_why or "")


def test_send_again(
    webhooks: Webhooks, workshop: Workshop, library: Library, receiver: Receiver, hook: Revealed
) -> None:
    ended(library)
    send_due(workshop)
    [delivery] = log_of(webhooks, hook)
    again = webhooks.send_again("alice", hook.webhook.id, delivery.id)
    assert (again.status, again.attempts) == ("waiting", 0)
    send_due(workshop)
    assert [message.id for message in receiver.messages] == [str(delivery.id)] * 2
    webhooks.update("alice", hook.webhook.id, is_active=False)
    with pytest.raises(Conflicting, match="switched off"):
        webhooks.send_again("alice", hook.webhook.id, delivery.id)


def test_an_address_is_checked_again_when_it_is_sent_to(
    webhooks: Webhooks, workshop: Workshop, receiver: Receiver, hook: Revealed
) -> None:
    workshop.settings = replace(workshop.settings, webhook_allow_private=False)
    webhooks.send_test("alice", hook.webhook.id)
    send_due(workshop)
    [delivery] = log_of(webhooks, hook)
    assert (delivery.status, receiver.messages) == ("waiting", [])
    assert "public internet" in (delivery.problem or "")


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


def test_a_webhook_may_be_deleted_while_it_is_told(
    database: Database, webhooks: Webhooks, receiver: Receiver, hook: Revealed
) -> None:
    attempt = claim(database, webhooks.send_test("alice", hook.webhook.id).id, timedelta(seconds=30))
    assert attempt
    webhooks.unsubscribe("alice", hook.webhook.id)
    record(database, attempt, send(attempt, allow_private=True))
    assert len(receiver.messages) == 1


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


def heard(receiver: Receiver, count: int, seconds: float = 40) -> list[Message]:
    return eventually(lambda: receiver.messages if len(receiver.messages) >= count else [], seconds)


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
    assert "trying again usually helps" in data["error"]
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
        heard(quick, 1, sender.SECONDS * 0.8)
    assert len(receiver.messages) == 1
    assert worker.stop() == 0
