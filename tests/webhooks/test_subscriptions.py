"""Subscriptions: whose they are, what they may hold, and their secrets."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import DetachedInstanceError

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.errors import Conflicting, InvalidRequest, NotFound
from presentations.library import Library
from presentations.webhooks import EVENTS, Webhooks
from presentations.webhooks.subscriptions import MOST
from tests.support.presentations import outlined
from tests.support.waiting import eventually

URL = "http://127.0.0.1:8123/hook"


def test_a_subscription_and_its_secret_shown_once(webhooks: Webhooks) -> None:
    made = webhooks.subscribe("alice", " HTTP://127.0.0.1:8123/hook#part ", ["presentation.failed"])
    assert made.secret.startswith("whsec_")
    assert len(made.secret) == 50
    assert made.secret not in repr(made)
    assert (made.webhook.url, made.webhook.events, made.webhook.is_active) == (URL, ["presentation.failed"], True)
    found = webhooks.get("alice", str(made.webhook.id))
    assert found.as_dict() == made.webhook.as_dict()
    assert [one.id for one in webhooks.list("alice")] == [found.id]
    assert made.secret not in str(found.as_dict())
    with pytest.raises(DetachedInstanceError):
        _ = found.secret


@pytest.mark.parametrize("events", [[], ["presentation.started"], "all", ["presentation.failed", ""]])
def test_an_event_that_does_not_exist_is_refused(webhooks: Webhooks, events: list[str]) -> None:
    with pytest.raises(InvalidRequest) as error:
        webhooks.subscribe("alice", URL, events)
    assert error.value.field == "events"


@pytest.mark.parametrize(
    "url",
    ["ftp://x/", "http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/latest", "http://2130706433/", "x"],
)
def test_a_url_that_leads_into_our_own_network_is_refused(database: Database, webhooks: Webhooks, url: str) -> None:
    strict = Webhooks(database)
    made = webhooks.subscribe("alice", URL).webhook
    for attempt in (
        lambda: strict.subscribe("alice", url),
        lambda: strict.update("alice", made.id, url=url),
    ):
        with pytest.raises(InvalidRequest) as error:
            attempt()
        assert error.value.field == "url"
    assert [one.url for one in strict.list("alice")] == [URL]


def test_nobody_else_finds_it(webhooks: Webhooks) -> None:
    made = webhooks.subscribe("alice", URL).webhook
    test = webhooks.send_test("alice", made.id)
    for attempt in (
        lambda user: webhooks.get(user, made.id),
        lambda user: webhooks.update(user, made.id, is_active=False),
        lambda user: webhooks.update(user, made.id, url="http://nobody.invalid/"),
        lambda user: webhooks.rotate_secret(user, made.id),
        lambda user: webhooks.unsubscribe(user, made.id),
        lambda user: webhooks.deliveries(user, made.id),
        lambda user: webhooks.send_again(user, made.id, test.id),
        lambda user: webhooks.send_test(user, made.id),
    ):
        with pytest.raises(NotFound):
            attempt("bob")
    assert webhooks.list("bob") == []
    assert [one.id for one in webhooks.list(None)] == [made.id]
    assert webhooks.get("alice", made.id).as_dict() == made.as_dict()


@pytest.mark.parametrize("webhook_id", ["", "x", "5a0e7d1c-9d0f-4c5b-8c55-6a7f0f6f6f6f"])
def test_what_is_no_webhook_is_not_found(webhooks: Webhooks, webhook_id: str) -> None:
    with pytest.raises(NotFound):
        webhooks.get("alice", webhook_id)
    with pytest.raises(NotFound):
        webhooks.send_again(None, webhook_id, webhook_id)
    made = webhooks.subscribe("alice", URL).webhook
    with pytest.raises(NotFound):
        webhooks.send_again("alice", made.id, webhook_id)


def test_changing_it(webhooks: Webhooks) -> None:
    made = webhooks.subscribe("alice", URL).webhook
    assert webhooks.update("alice", made.id).url == URL
    changed = webhooks.update("alice", made.id, url=f"{URL}/2", events=[EVENTS[1], EVENTS[0]], is_active=False)
    assert (changed.url, changed.events, changed.is_active) == (f"{URL}/2", [EVENTS[0], EVENTS[1]], False)
    with pytest.raises(Conflicting, match="switched off"):
        webhooks.send_test("alice", made.id)
    webhooks.unsubscribe("alice", made.id)
    assert webhooks.list("alice") == []


def test_switching_on_forgets_why_it_was_off(webhooks: Webhooks, database: Database) -> None:
    made = webhooks.subscribe("alice", URL).webhook
    with database.begin() as session:
        session.execute(
            text("UPDATE presentation_webhooks SET is_active = false, switched_off_at = now(), failing_since = now()")
        )
    changed = webhooks.update("alice", made.id, is_active=True)
    assert (changed.is_active, changed.switched_off_at, changed.failing_since) == (True, None, None)


def test_there_is_an_end_to_how_many(webhooks: Webhooks) -> None:
    for number in range(MOST):
        webhooks.subscribe("alice", f"{URL}/{number}")
    with pytest.raises(Conflicting, match=f"{MOST} webhooks already"):
        webhooks.subscribe("alice", URL)
    webhooks.subscribe("bob", URL)


def test_one_for_a_single_request(webhooks: Webhooks, library: Library) -> None:
    asked = library.create("alice", "Photosynthesis")
    made = webhooks.subscribe_once("alice", asked.id, URL)
    again = webhooks.subscribe_once("alice", str(asked.id), URL)
    assert (again.webhook.id, again.secret) == (made.webhook.id, made.secret)
    assert made.webhook.presentation_id == asked.id
    assert webhooks.list("alice") == []
    assert webhooks.get("alice", made.webhook.id).as_dict()["job_id"] == str(asked.id)
    with pytest.raises(NotFound):
        webhooks.subscribe_once("bob", asked.id, URL)
    library.cancel("alice", library.create("alice", "Cells").id)
    assert webhooks.deliveries("alice", made.webhook.id).items == []
    library.cancel("alice", asked.id)
    assert [one.event for one in webhooks.deliveries("alice", made.webhook.id).items] == ["presentation.cancelled"]


def test_one_for_a_request_that_is_over_already(webhooks: Webhooks, library: Library) -> None:
    asked = library.create("alice", "Photosynthesis")
    everything = webhooks.subscribe("alice", URL).webhook
    library.cancel("alice", asked.id)
    made = webhooks.subscribe_once("alice", asked.id, URL).webhook
    told = webhooks.deliveries("alice", made.id).items
    assert [one.payload["data"]["status"] for one in told] == ["cancelled"]
    assert len(webhooks.deliveries("alice", everything.id).items) == 1


def test_one_for_a_request_whose_outline_waits_already(webhooks: Webhooks, library: Library) -> None:
    made = webhooks.subscribe_once("alice", outlined(library, "alice", "Light").id, URL).webhook
    assert [one.event for one in webhooks.deliveries("alice", made.id).items] == ["presentation.outlined"]


def test_one_for_a_request_that_ends_this_very_moment(webhooks: Webhooks, library: Library, database: Database) -> None:
    asked = library.create("alice", "Photosynthesis")
    made: list[UUID] = []
    late = threading.Thread(target=lambda: made.append(webhooks.subscribe_once("alice", asked.id, URL).webhook.id))
    with database.begin() as session:
        session.execute(text("UPDATE presentation_jobs SET status = 'cancelled', queued_at = NULL"))
        late.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        eventually(lambda: session.scalar(waits))
    late.join(30)
    assert [one.event for one in webhooks.deliveries("alice", made[0]).items] == ["presentation.cancelled"]


def test_the_log_in_parts(webhooks: Webhooks) -> None:
    made = webhooks.subscribe("alice", URL).webhook
    tests = [webhooks.send_test("alice", made.id).id for _ in range(5)]
    seen: list[UUID] = []
    after = None
    for _ in range(3):
        part = webhooks.deliveries("alice", made.id, after, limit=2)
        seen += [one.id for one in part.items]
        after = part.next
    assert seen == tests[::-1]
    assert after is None
    for bad in ({"limit": 0}, {"limit": 201}, {"after": "x"}, {"after": "²"}, {"after": "9" * 30}):
        with pytest.raises(InvalidRequest):
            webhooks.deliveries("alice", made.id, **bad)


@pytest.mark.parametrize(
    "change",
    [
        "url = 'ftp://x'",
        "events = '[]'",
        "events = '[\"presentation.started\"]'",
        "secret = 'x'",
        "previous_secret = 'whsec_x'",
        "switched_off_at = now()",
        "user_id = ''",
    ],
)
def test_the_database_holds_the_rules(database: Database, webhooks: Webhooks, change: str) -> None:
    webhooks.subscribe("alice", URL)
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(text(f"UPDATE presentation_webhooks SET {change}"))


def test_one_for_everybody(webhooks: Webhooks, library: Library, database: Database, accounts: Accounts) -> None:
    accounts.add("lms", "The LMS", "lms@school.example")
    Tokens(database).make("lms", "LMS", SCOPES, acts_for_all=True, is_trusted=True)
    made = webhooks.subscribe("lms", URL, all_users=True).webhook
    webhooks.subscribe("bob", URL)
    for user in ("alice", "bob"):
        library.cancel(user, library.create(user, "Leaves").id)
    told = webhooks.deliveries("lms", made.id).items
    assert [(one.user_id, one.payload["data"]["user_id"]) for one in told] == [("lms", "bob"), ("lms", "alice")]


def test_a_deactivated_account_is_told_nothing(webhooks: Webhooks, library: Library, accounts: Accounts) -> None:
    made = webhooks.subscribe("teacher", URL).webhook
    asked = library.create("teacher", "Leaves")
    accounts.deactivate("teacher")
    found = webhooks.get("teacher", made.id)
    assert (found.is_active, found.switched_off_why) == (False, "The account was deactivated.")
    assert found.switched_off_at is not None
    library.cancel("teacher", asked.id)
    assert webhooks.deliveries("teacher", made.id).items == []
