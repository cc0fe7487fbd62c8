"""The account page: tokens for programs, and webhooks with a page of each."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from presentations.accounts import Accounts, Tokens
from presentations.database import Database
from presentations.database.models import Delivery, Webhook
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import EVENTS, Webhooks
from presentations.webhooks.subscriptions import MOST
from tests.support.programs import Program
from tests.support.signing import send, sign_in

URL = "http://127.0.0.1:8123/hook"


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    return create_app(replace(settings, webhook_allow_private=True), backends)


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, allow_private=True)


def shown(page: str) -> str:
    """The secret on a page."""
    found = re.search(r"<code [^>]*>([^<]+)</code>", page)
    assert found, page
    return found[1]


def test_a_token_is_shown_once_works_and_is_revoked(app: Flask, rosa: FlaskClient, database: Database) -> None:
    made = send(rosa, "/account/tokens", seen="/account", name="my <laptop>", write="on")
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    secret = shown(made.text)
    program = Program(app, secret)
    program.create("Cells")
    page = rosa.get("/account").text
    assert secret not in page
    assert "my &lt;laptop&gt;" in page
    assert "last used" in page
    [token] = Tokens(database).list("teacher")
    assert send(rosa, f"/account/tokens/{token.id}/revoke", seen="/account").status_code == 303
    assert program("GET", "/presentations").status_code == 401
    assert "works no longer" in rosa.get("/account").text


def test_a_token_may_be_made_to_look_only(app: Flask, rosa: FlaskClient) -> None:
    program = Program(app, shown(send(rosa, "/account/tokens", seen="/account", name="screen").text))
    assert program("GET", "/presentations").status_code == 200
    assert program("POST", "/presentations", {"topic": "Cells"}).status_code == 403


def test_only_an_admin_makes_a_token_that_acts_for_everybody(
    app: Flask, rosa: FlaskClient, accounts: Accounts, database: Database
) -> None:
    assert "It acts for everybody" not in rosa.get("/account").text
    refused = send(rosa, "/account/tokens", seen="/account", name="LMS", acts_for_all="on")
    assert refused.status_code == 422
    assert Tokens(database).list("teacher") == []
    ann = sign_in(app.test_client(), accounts, "admin")
    assert "It acts for everybody" in ann.get("/account").text
    service = Program(app, shown(send(ann, "/account/tokens", seen="/account", name="LMS", acts_for_all="on").text))
    assert service("GET", "/presentations?user_id=user123").status_code == 200


def test_a_token_without_a_name_is_refused_beside_the_field(rosa: FlaskClient) -> None:
    refused = send(rosa, "/account/tokens", seen="/account", name=" ")
    assert refused.status_code == 422
    assert 'id="name-problem"' in refused.text


def test_a_webhook_is_made_changed_switched_and_deleted(rosa: FlaskClient, webhooks: Webhooks) -> None:
    made = send(rosa, "/account/webhooks", seen="/account", url=URL, events=EVENTS[1])
    first = shown(made.text)
    assert first.startswith("whsec_")
    [webhook] = webhooks.list("teacher")
    assert webhook.events == [EVENTS[1]]
    page = f"/account/webhooks/{webhook.id}"
    assert first not in rosa.get("/account").text + rosa.get(page).text

    assert send(rosa, page, url=f"{URL}/2", events=EVENTS[0]).status_code == 303
    changed = webhooks.get("teacher", webhook.id)
    assert (changed.url, changed.events) == (f"{URL}/2", [EVENTS[0]])
    second = shown(send(rosa, f"{page}/secret", seen=page).text)
    assert second != first
    send(rosa, f"{page}/switch", seen=page, to="off")
    assert not webhooks.get("teacher", webhook.id).is_active
    assert f"{page}/test" not in rosa.get(page).text
    assert send(rosa, f"{page}/test", seen=page).status_code == 409
    send(rosa, f"{page}/switch", seen=page, to="on")
    assert webhooks.get("teacher", webhook.id).is_active
    assert send(rosa, f"{page}/delete", seen=page).location == "/account"
    assert rosa.get(page).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"url": "", "events": EVENTS[0]}, "url", ""),
        ({"url": "ftp://x/", "events": EVENTS[0]}, "url", "https://"),
        ({"url": "http://169.254.169.254/", "events": EVENTS[0]}, "url", "public internet"),
        ({"url": URL}, "events", "Expected some of"),
    ],
)
def test_what_is_wrong_with_a_webhook_is_said_beside_its_field(
    rosa: FlaskClient, webhooks: Webhooks, sent: dict[str, str], field: str, said: str
) -> None:
    known = webhooks.subscribe("teacher", URL).webhook
    for path in ("/account/webhooks", f"/account/webhooks/{known.id}"):
        refused = send(rosa, path, seen="/account", **sent)
        assert refused.status_code == 422
        problem = re.search(rf'id="{field}-problem"[^>]*>([^<]*)<', refused.text)
        assert problem
        assert said in problem[1]
        assert f'value="{sent["url"]}"' in refused.text
    assert [one.url for one in webhooks.list("teacher")] == [URL]


def test_one_webhook_too_many_is_refused_beside_the_field(rosa: FlaskClient, webhooks: Webhooks) -> None:
    for number in range(MOST):
        webhooks.subscribe("teacher", f"{URL}/{number}")
    refused = send(rosa, "/account/webhooks", seen="/account", url=URL, events=EVENTS[0])
    assert refused.status_code == 422
    assert "delete one first" in refused.text


def test_the_log_says_how_it_went_and_sends_again(
    rosa: FlaskClient, webhooks: Webhooks, library: Library, database: Database
) -> None:
    webhook = webhooks.subscribe("teacher", URL).webhook
    library.cancel("teacher", library.create("teacher", "<Leaves>").id)
    page = f"/account/webhooks/{webhook.id}"
    assert "Nothing yet" not in rosa.get(page).text
    with database.begin() as session:
        session.execute(
            update(Delivery).values(
                status="failed",
                attempts=10,
                status_code=500,
                answer="<b>No</b>",
                duration_ms=12,
                problem="It answered with status 500.",
                request={"method": "POST", "url": URL, "headers": {"webhook-id": "x"}},
            )
        )
    text = rosa.get(page).text
    for part in ("&lt;Leaves&gt;", "given up", "status 500", "12 ms", "&lt;b&gt;No&lt;/b&gt;", "webhook-id: x"):
        assert part in text
    [delivery] = webhooks.deliveries("teacher", webhook.id).items
    assert send(rosa, f"{page}/deliveries/{delivery.id}/again", seen=page).status_code == 303
    assert send(rosa, f"{page}/test", seen=page).status_code == 303
    assert [one.status for one in webhooks.deliveries("teacher", webhook.id).items] == ["waiting", "waiting"]
    assert rosa.get(f"{page}?after=x").status_code == 400


def test_the_owner_of_one_that_was_switched_off_is_told(
    rosa: FlaskClient, webhooks: Webhooks, database: Database
) -> None:
    webhook = webhooks.subscribe("teacher", URL).webhook
    with database.begin() as session:
        off = {
            "is_active": False,
            "switched_off_at": webhook.created_at,
            "switched_off_why": "It has failed for 5 days.",
        }
        session.execute(update(Webhook).values(off))
    for page in ("/account", f"/account/webhooks/{webhook.id}"):
        text = rosa.get(page).text
        assert "Switched off" in text
        assert "It has failed for 5 days." in text
