"""Who was an admin can do no more than a teacher: by token, on the pages, and by what they had set up."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from presentations.accounts import READ, SCOPES, Accounts, Tokens
from presentations.database import Audit, Database
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.programs import Program
from tests.support.signing import hidden, send, sign_in

URL = "http://127.0.0.1:8123/hook"


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.add("bea", "Bea", "bea@school.example", role="admin")
    return create_app(replace(settings, webhook_allow_private=True), backends)


@pytest.fixture
def tokens(database: Database) -> Tokens:
    return Tokens(database)


@pytest.fixture
def bea(app: Flask, accounts: Accounts) -> FlaskClient:
    """An admin, signed in."""
    return sign_in(app.test_client(), accounts, "bea")


@pytest.fixture
def service(app: Flask, bea: FlaskClient, tokens: Tokens) -> Program:
    """A program of Bea's that acts for everybody."""
    return Program(app, tokens.make("bea", "LMS", SCOPES, acts_for_all=True)[1])


@pytest.fixture
def webhook_id(service: Program, rosa: FlaskClient, library: Library) -> str:
    """A webhook of Bea's that tells of everybody's, and has told of something of Rosa's."""
    made = service("POST", "/webhooks", {"url": URL, "all_users": True}, Idempotency_Key="made")
    library.cancel("teacher", library.create("teacher", "Secret plans").id)
    return str((made.json or {})["id"])


def demote(ann: FlaskClient) -> None:
    one = "/admin/users/one?id=bea"
    assert send(ann, "/admin/users/one/role?id=bea", seen=one, role="teacher").status_code == 303


def routes_of_webhooks(app: Flask, webhook_id: str, delivery_id: str) -> list[tuple[str, str]]:
    """Each way to a webhook that whoever signed in, or a token, may try."""
    paths = app.url_map.bind("127.0.0.1")
    values = {"webhook_id": webhook_id, "delivery_id": delivery_id}
    return [
        (method, paths.build(rule.endpoint, {name: values[name] for name in rule.arguments}))
        for rule in app.url_map.iter_rules()
        if "webhook_id" in rule.arguments and not rule.endpoint.startswith("admin.")
        for method in sorted({"GET", "POST", "PATCH", "DELETE"} & (rule.methods or set()))
    ]


def ask(client: FlaskClient, method: str, path: str) -> TestResponse:
    token = hidden(client.get("/").text, "csrf_token")
    if path.startswith("/api/"):
        body = {"json": {"url": f"{URL}/mine"}} if method == "PATCH" else {}
        return client.open(path, method=method, headers={"X-CSRFToken": token}, **body)  # type: ignore[arg-type]
    sent = {"csrf_token": token, "url": f"{URL}/mine", "events": "presentation.completed", "to": "on"}
    return client.open(path, method=method, data=sent)


def test_her_webhook_of_everybodys_is_shut_to_her_by_every_route(
    app: Flask, ann: FlaskClient, bea: FlaskClient, service: Program, webhook_id: str
) -> None:
    delivery_id = service.items(f"/webhooks/{webhook_id}/deliveries")[0]["id"]
    assert "Secret plans" in bea.get(f"/account/webhooks/{webhook_id}").text
    demote(ann)
    routes = routes_of_webhooks(app, webhook_id, delivery_id)
    assert len(routes) > 12
    for method, path in routes:
        answer = ask(bea, method, path)
        assert (answer.status_code, "Secret plans" in answer.text) == (403, False), (method, path)
        assert service(method, path.removeprefix("/api")).status_code in (401, 404)
    page = bea.get("/account").text
    assert URL in page
    assert f"/account/webhooks/{webhook_id}" not in page
    assert "Switched off." in page


def test_her_first_answer_is_not_given_again_to_who_may_less(
    app: Flask, ann: FlaskClient, service: Program, webhook_id: str, tokens: Tokens
) -> None:
    sent = {"url": URL, "all_users": True}
    assert service("POST", "/webhooks", sent, Idempotency_Key="made").status_code == 201
    lesser = Program(app, tokens.make("bea", "laptop", SCOPES)[1])
    for _ in range(2):
        again = lesser("POST", "/webhooks", sent, Idempotency_Key="made")
        assert (again.status_code, "whsec_" in again.text) == (422, False)
        demote(ann)


def test_the_audit_log_and_the_page_say_what_ended(
    ann: FlaskClient, service: Program, webhook_id: str, tokens: Tokens, database: Database
) -> None:
    token_id = tokens.list("bea")[0].id
    demote(ann)
    told = ann.get("/admin/users/one?id=bea").text
    assert "A teacher now: \u2068Bea\u2069. What stood on it is switched off: 1 token and 1 webhook." in told
    newest = Audit(database).search("changed a role").items[0]
    assert (newest.actor, newest.whose) == ("admin", "bea")
    assert newest.what == f"switched off: token {token_id}, webhook {webhook_id}"


def test_revoking_says_so_too(bea: FlaskClient, webhook_id: str, tokens: Tokens, database: Database) -> None:
    token_id = tokens.list("bea")[0].id
    send(bea, f"/account/tokens/{token_id}/revoke", seen="/account")
    assert Audit(database).search("revoked").items[0].what == f"token {token_id}; switched off: webhook {webhook_id}"


@pytest.mark.parametrize("command", [("user", "deactivate", "bea"), ("token", "revoke")])
def test_so_does_the_command_line(
    app: Flask, webhook_id: str, tokens: Tokens, database: Database, command: tuple[str, ...]
) -> None:
    token_id = str(tokens.list("bea")[0].id)
    args = [*command] if "bea" in command else [*command, token_id]
    said = app.test_cli_runner().invoke(args=args).output
    assert "What stood on it is switched off:" in said
    newest = Audit(database).search("command line").items[0]
    assert f"webhook {webhook_id}" in str(newest.what)
    assert token_id in str(newest.what)


@pytest.mark.parametrize("made_by", ["bea", None])
def test_an_admins_session_sees_what_her_tokens_for_everybody_do_and_a_lesser_token_does_not(
    app: Flask, bea: FlaskClient, webhook_id: str, tokens: Tokens, made_by: str | None
) -> None:
    lesser = Program(app, tokens.make("bea", "laptop", SCOPES, made_by=made_by)[1])
    assert lesser("GET", f"/webhooks/{webhook_id}").status_code == 403
    for path in (f"/account/webhooks/{webhook_id}", f"/api/webhooks/{webhook_id}"):
        assert bea.get(path).status_code == 200


def test_nobody_acts_for_a_deactivated_user(service: Program, accounts: Accounts, library: Library) -> None:
    asked = library.create("teacher", "Secret plans")
    assert service("GET", "/presentations?user_id=teacher").status_code == 200
    accounts.deactivate("teacher")
    for method, path, sent in (
        ("GET", "/presentations?user_id=teacher", None),
        ("GET", f"/presentations/{asked.id}?user_id=teacher", None),
        ("POST", "/presentations", {"topic": "x", "user_id": "teacher"}),
        ("POST", "/webhooks", {"url": URL, "user_id": "teacher"}),
    ):
        refused = service(method, path, sent)
        assert (refused.status_code, "deactivated" in refused.text) == (403, True)
    assert service("GET", "/presentations?user_id=pupil-without-account").status_code == 200
    accounts.reactivate("teacher")
    assert service("GET", "/presentations?user_id=teacher").status_code == 200


@pytest.mark.parametrize("by", ["token", "session"])
def test_an_open_wait_ends_with_what_it_stood_on(
    app: Flask,
    accounts: Accounts,
    tokens: Tokens,
    library: Library,
    rosa: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    asked = library.create("teacher", "Secret plans")
    token, secret = tokens.make("teacher", "laptop", [READ])
    waits, ended = threading.Event(), threading.Event()

    def until_ended(_: float) -> None:
        waits.set()
        assert ended.wait(60)

    monkeypatch.setattr(time, "sleep", until_ended)
    answers: list[TestResponse] = []
    headers = {"Authorization": f"Bearer {secret}"} if by == "token" else {}
    path = f"/api/presentations/{asked.id}?wait=30"
    asking = threading.Thread(target=lambda: answers.append(rosa.get(path, headers=headers)))
    asking.start()
    assert waits.wait(60)
    if by == "token":
        tokens.revoke("teacher", token.id)
    else:
        accounts.deactivate("teacher")
    ended.set()
    asking.join(60)
    assert [(one.status_code, "Secret plans" in one.text) for one in answers] == [(401, False)]


def test_what_an_admin_makes_for_others_is_noted_as_hers(ann: FlaskClient, tokens: Tokens) -> None:
    one = "/admin/users/one?id=teacher"
    send(ann, "/admin/users/one/tokens?id=teacher", seen=one, name="LMS", write="on", acts_for_all="on")
    [made] = tokens.list("teacher")
    assert (made.made_by, made.acts_for_all) == ("admin", True)
