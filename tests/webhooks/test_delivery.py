"""What is sent: which events, verified by a real server with the package, in order, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask, url_for
from sqlalchemy import text
from standardwebhooks.webhooks import WebhookVerificationError

from presentations.database import Database
from presentations.errors import Conflicting
from presentations.jobs import WorkerContext
from presentations.library import Library, Outlines
from presentations.webhooks import EVENTS, OUTLINED_EVENT, WEBHOOKS, Revealed, Webhooks
from presentations.webhooks.delivery import record, send
from tests.support.presentations import delete, outlined, restore
from tests.support.receiver import Receiver
from tests.webhooks.deliveries import attempt, change, ended, log_of, make_due, send_due


def test_what_is_sent_can_be_verified(
    webhooks: Webhooks, library: Library, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    job_id = ended(library, 'Äpfel & "Birnen" \U0001f34e')
    receiver.text = b"thanks" * 1000
    send_due(context)
    [message] = receiver.messages
    payload = message.verified(hook.secret)
    data = payload["data"]
    assert payload["type"] == "presentation.cancelled"
    assert datetime.fromisoformat(payload["timestamp"]).tzinfo == UTC
    assert (data["job_id"], data["user_id"], data["status"]) == (job_id, "alice", "cancelled")
    assert (data["topic"], data["title"]) == ('Äpfel & "Birnen" \U0001f34e',) * 2
    assert (data["subject"], data["presenton_url"], data["error"]) == ("default", None, None)
    assert [data[key] for key in ("slides", "file_url", "pdf_url", "slides_url")] == [None] * 4
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
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    receiver.statuses, receiver.text = [200], b"thanks" * 1000
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
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


def test_one_that_is_ready_says_where_programs_find_what_was_made(
    app: Flask, database: Database, library: Library, webhooks: Webhooks, hook: Revealed
) -> None:
    asked = library.create("alice", "Photosynthesis")
    change(database, "jobs", "queued_at = NULL, ended_at = now(), status = 'complete', slides_total = 5")
    data = log_of(webhooks, hook)[0].payload["data"]
    assert data["slides"] == 5
    with app.test_request_context():
        file = url_for("api.presentation_file", presentation_id=asked.id)
        assert (data["file_url"], data["pdf_url"]) == (file, f"{file}?format=pdf")
        assert data["slides_url"] == url_for("api.presentation_slides", presentation_id=asked.id)


def test_an_outline_that_waits_is_told_with_where_it_is(
    app: Flask, library: Library, webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    others = webhooks.subscribe("alice", hook.webhook.url, set(EVENTS) - {OUTLINED_EVENT})
    asked = outlined(library, "alice", "Light")
    assert log_of(webhooks, others) == []
    send_due(context)
    payload = receiver.messages[0].verified(hook.secret)
    data = payload["data"]
    assert (payload["type"], data["job_id"], data["status"]) == ("presentation.outlined", str(asked.id), "pending")
    assert datetime.fromisoformat(data["awaits_teacher_since"]) - asked.created_at < timedelta(minutes=1)
    with app.test_request_context():
        assert data["outline_url"] == url_for("api.outline", presentation_id=asked.id)
    Outlines(library).revise("alice", asked.id, ["# Light"])
    assert len(log_of(webhooks, hook)) == 1, "its teacher's own change is no news"
    library.cancel("alice", asked.id)
    library.retry("alice", asked.id)
    told = [one.event.removeprefix("presentation.") for one in log_of(webhooks, hook)]
    assert told == ["outlined", "cancelled", "outlined"]
    ended_data = log_of(webhooks, hook)[1].payload["data"]
    assert (ended_data["outline_url"], ended_data["awaits_teacher_since"]) == (None, None)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda library, job_id: Outlines(library).accept("alice", job_id), []),
        (lambda library, job_id: library.cancel("alice", job_id), ["presentation.cancelled"]),
    ],
    ids=["made", "cancelled"],
)
def test_an_outline_that_was_answered_is_not_told_of_any_more(
    database: Database,
    library: Library,
    webhooks: Webhooks,
    context: WorkerContext,
    receiver: Receiver,
    hook: Revealed,
    answer: Callable[[Library, UUID], object],
    told: list[str],
) -> None:
    receiver.statuses = [500, 500]
    asked, other = outlined(library, "alice", "Light"), outlined(library, "alice", "Water")
    send_due(context)
    answer(library, asked.id)
    make_due(database)
    receiver.messages.clear()
    send_due(context)
    heard = [message.verified(hook.secret) for message in receiver.messages]
    assert [one["type"] for one in heard if one["data"]["job_id"] == str(asked.id)] == told
    assert [one["type"] for one in heard if one["data"]["job_id"] == str(other.id)] == ["presentation.outlined"]


def test_what_is_undone_is_not_told(database: Database, library: Library, webhooks: Webhooks, hook: Revealed) -> None:
    asked = library.create("alice", "Photosynthesis")
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET status = 'cancelled', queued_at = NULL"))
        session.rollback()
    assert log_of(webhooks, hook) == []
    delete(library, "alice", asked.id)
    restore(library, asked.id)
    delete(library, "alice", asked.id)
    assert [one.event for one in log_of(webhooks, hook)] == ["presentation.cancelled"]


def test_for_a_day_both_secrets_sign(
    database: Database, webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    new = webhooks.rotate_secret("alice", hook.webhook.id)
    assert new.secret != hook.secret
    until = new.webhook.previous_secret_until
    assert until
    assert timedelta(hours=23, minutes=59) < until - datetime.now(UTC) < timedelta(hours=24, minutes=1)
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
    for secret in (hook.secret, new.secret):
        assert receiver.messages[0].verified(secret)["type"] == "webhook.test"
    change(database, "webhooks", "previous_secret_until = now()")
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
    receiver.messages[1].verified(new.secret)
    with pytest.raises(WebhookVerificationError):
        receiver.messages[1].verified(hook.secret)


def test_events_of_a_presentation_come_in_order(
    database: Database, webhooks: Webhooks, library: Library, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    first = ended(library)
    receiver.statuses = [500]
    send_due(context)
    library.retry("alice", first)
    library.cancel("alice", first)
    other = ended(library, "Cells")
    send_due(context)
    heard = [message.verified(hook.secret)["data"]["job_id"] for message in receiver.messages]
    assert heard == [first, other], "others need not wait"
    make_due(database)
    send_due(context)
    [_, *of_first] = [delivery for delivery in log_of(webhooks, hook)[::-1] if str(delivery.presentation_id) == first]
    assert len(of_first) == 1
    assert [message.id for message in receiver.messages[2:]] == [receiver.messages[0].id, str(of_first[0].id)]


def test_send_again(
    webhooks: Webhooks, context: WorkerContext, library: Library, receiver: Receiver, hook: Revealed
) -> None:
    ended(library)
    send_due(context)
    [delivery] = log_of(webhooks, hook)
    again = webhooks.send_again("alice", hook.webhook.id, delivery.id)
    assert (again.status, again.attempts) == ("waiting", 0)
    send_due(context)
    assert [message.id for message in receiver.messages] == [str(delivery.id)] * 2
    webhooks.update("alice", hook.webhook.id, is_active=False)
    with pytest.raises(Conflicting, match="switched off"):
        webhooks.send_again("alice", hook.webhook.id, delivery.id)


def test_an_address_is_checked_again_when_it_is_sent_to(
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    context.settings = replace(context.settings, webhook_allow_private=False)
    webhooks.send_test("alice", hook.webhook.id)
    send_due(context)
    [delivery] = log_of(webhooks, hook)
    assert (delivery.status, receiver.messages) == ("waiting", [])
    assert "public internet" in (delivery.problem or "")


def test_a_webhook_may_be_deleted_while_it_is_told(
    webhooks: Webhooks, context: WorkerContext, receiver: Receiver, hook: Revealed
) -> None:
    begun = attempt(context, webhooks.send_test("alice", hook.webhook.id))
    assert begun
    webhooks.unsubscribe("alice", hook.webhook.id)
    record(context.engine(WEBHOOKS), begun, send(begun, allow_private=True))
    assert len(receiver.messages) == 1
