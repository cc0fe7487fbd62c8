"""Signing in and out, and what is behind the door."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import PENDING
from presentations.library import Library, Organiser
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import Webhooks
from tests.support.signing import FILES, hidden, send, sign_in

EMAIL = "rosa@school.example"
PASSWORD = "correct horse"
NEW = "battery staple"
WRONG = "This e-mail and this password do not go together."


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.set_password("teacher", PASSWORD)
    return create_app(settings, backends)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


def test_teacher_signs_in_sees_her_library_and_signs_out(client: FlaskClient) -> None:
    assert client.get("/").location == "/sign-in"
    response = send(client, "/sign-in", email="Rosa@School.example ", password=PASSWORD)
    assert (response.status_code, response.location) == (303, "/")
    page = client.get("/").text
    assert "What should it be about?" in page
    assert "Rosa Moss" in page
    assert ">RM<" in page
    assert send(client, "/sign-out", seen="/").location == "/sign-in"
    assert "You are signed out." in client.get("/sign-in").text
    assert client.get("/").location == "/sign-in"


def test_presentations_of_an_agent_are_there_once_their_user_has_an_account(
    client: FlaskClient, accounts: Accounts, library: Library
) -> None:
    library.create("user123", "Asked for by an agent")
    accounts.add("user123", "Ada", "ada@school.example")
    assert "Asked for by an agent" in sign_in(client, accounts, "user123").get("/").text


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong password"), ("nobody@school.example", PASSWORD), ("\x00", "")]
)
def test_refusal_says_the_same_whether_the_account_exists_and_keeps_the_e_mail(
    client: FlaskClient, email: str, password: str
) -> None:
    response = send(client, "/sign-in", email=email, password=password)
    assert response.status_code == 422
    assert WRONG in response.text
    assert f'value="{email}"' in response.text
    assert "wrong password" not in response.text
    assert client.get("/").status_code == 303


def test_session_is_new_after_signing_in(client: FlaskClient) -> None:
    before = hidden(client.get("/sign-in").text, "csrf_token")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    send(client, "/sign-in", email=EMAIL, password=PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400


@pytest.mark.parametrize("path", ["/account", "/?still=", "/search?q=b&of=%20d"])
def test_signing_in_goes_on_to_what_was_wanted(client: FlaskClient, path: str) -> None:
    asked = client.get(path).location
    assert send(client, asked, email=EMAIL, password=PASSWORD).location == path


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "%09//evil.example",
        "javascript:alert(1)",
        "evil",
        "/a%0d%0aSet-Cookie:b",
        "/%5cevil.example",
    ],
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, evil: str) -> None:
    assert send(client, f"/sign-in?next={evil}", email=EMAIL, password=PASSWORD).location == "/"
    assert client.get(f"/sign-in?next={evil}").location == "/"


def test_link_signs_in_once(client: FlaskClient, accounts: Accounts) -> None:
    link = f"/sign-in/{accounts.make_link('teacher')}"
    assert client.head(link).status_code == 200
    assert client.get(link).location == "/"
    assert client.get("/").status_code == 200
    again = client.get(link)
    assert again.status_code == 404
    assert "This link has been used, or is older than 15 minutes." in again.text


def test_link_that_may_be_previewed_is_used_by_its_button_and_not_by_looking(app: Flask, accounts: Accounts) -> None:
    app.config["ALLOWED_HOSTS"] = ("lectern.example",)
    client, there = app.test_client(), {"base_url": "https://lectern.example"}
    link = f"/sign-in/{accounts.make_link('teacher')}"
    for _ in range(3):
        page = client.get(link, **there).text
        assert "Welcome, " in page
    assert client.get("/", **there).status_code == 303
    sent = {"csrf_token": hidden(page, "csrf_token")}
    headers = {"Referer": f"https://lectern.example{link}"}
    assert client.post(link, data=sent, headers=headers, **there).location == "/"
    assert client.get("/", **there).status_code == 200


def test_new_password_ends_every_other_session(app: Flask, client: FlaskClient, accounts: Accounts) -> None:
    here, there = sign_in(client, accounts), sign_in(app.test_client(), accounts)
    fields = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert send(here, "/account/password", seen="/account", **fields).location == "/account"
    assert "Your password is changed." in here.get("/account").text
    assert there.get("/").location == "/sign-in"
    assert accounts.check_password(EMAIL, NEW)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"current": "wrong password"}, "current", "This is not your current password."),
        ({"password": "short", "again": "short"}, "password", "Expected at least 10 characters."),
        ({"again": "battery stable"}, "again", "This is not the same as above."),
    ],
)
def test_password_that_cannot_be_changed_is_explained_beside_its_field(
    client: FlaskClient, accounts: Accounts, changed: dict[str, str], field: str, said: str
) -> None:
    fields = {"current": PASSWORD, "password": NEW, "again": NEW} | changed
    response = send(sign_in(client, accounts), "/account/password", seen="/account", **fields)
    assert response.status_code == 422
    assert f'id="{field}-problem" dir="auto">{said}' in response.text
    assert NEW not in response.text
    assert accounts.check_password(EMAIL, PASSWORD)


def test_who_came_by_a_link_chooses_a_first_password(client: FlaskClient, accounts: Accounts) -> None:
    page = sign_in(client, accounts, "colleague").get("/account").text
    assert "Choose a password" in page
    assert "Current password" not in page
    send(client, "/account/password", seen="/account", password=NEW, again=NEW)
    assert accounts.check_password("carl@school.example", NEW)


def test_deactivated_user_is_out_at_once(client: FlaskClient, accounts: Accounts) -> None:
    sign_in(client, accounts)
    accounts.deactivate("teacher")
    assert client.get("/").location == "/sign-in"
    assert client.get("/api/presentations").status_code == 401


def guess(client: FlaskClient, email: str, address: str, password: str = "wrong password") -> int:
    client.environ_base["REMOTE_ADDR"] = address
    return send(client, "/sign-in", email=email, password=password).status_code


def test_one_account_cannot_be_guessed_at_from_many_addresses(client: FlaskClient) -> None:
    answers = [guess(client, EMAIL.upper() if n % 2 else EMAIL, f"10.0.0.{n}") for n in range(11)]
    assert answers == [422] * 10 + [429]
    response = send(client, "/sign-in", email=EMAIL, password=PASSWORD)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 15 * 60
    assert "Too many tries" in response.text
    assert "Wait a quarter of an hour" in response.text
    assert guess(client, "nobody@school.example", "10.0.0.1") == 422


def test_one_address_cannot_guess_at_many_accounts(client: FlaskClient) -> None:
    answers = [guess(client, f"teacher{n}@school.example", "10.0.0.1") for n in range(51)]
    assert answers == [422] * 50 + [429]
    assert guess(client, EMAIL, "10.0.0.2", PASSWORD) == 303


def test_signing_in_rightly_is_not_counted(app: Flask) -> None:
    assert {guess(app.test_client(), EMAIL, "10.0.0.1", PASSWORD) for _ in range(12)} == {303}


def test_links_and_the_current_password_cannot_be_guessed_at(client: FlaskClient, accounts: Accounts) -> None:
    answers = [send(client, f"/sign-in/guess{n}", seen="/sign-in").status_code for n in range(11)]
    assert answers == [404] * 10 + [429]
    client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    sign_in(client, accounts)
    fields = {"current": "wrong password", "password": NEW, "again": NEW}
    answers = [send(client, "/account/password", seen="/account", **fields).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert send(client, "/sign-out", seen="/account").status_code == 303


@pytest.mark.parametrize("is_hanging", [True, False])
def test_without_redis_attempts_are_counted_in_memory_and_answers_come_soon(
    settings: Settings, backends: Backends, accounts: Accounts, is_hanging: bool
) -> None:
    accounts.set_password("teacher", PASSWORD)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1] if is_hanging else 9}"
        client = create_app(settings, dataclasses.replace(backends, redis_url=url)).test_client()
        start = monotonic()
        assert guess(client, EMAIL, "10.0.0.1") == 422
        assert monotonic() - start < 3
        assert [guess(client, EMAIL, "10.0.0.1") for _ in range(10)] == [422] * 9 + [429]
        assert guess(client, "carl@school.example", "10.0.0.1") == 422
        assert monotonic() - start < 10


def test_allowed_hosts_are_answered_with_secure_cookies_and_hsts(settings: Settings, backends: Backends) -> None:
    changed = dataclasses.replace(settings, allowed_hosts=("lectern.example", "[fd00::1]:8443"))
    app = create_app(changed, backends)
    for host in ("lectern.example", "Lectern.example:8443", "[fd00::1]:8443"):
        response = app.test_client().get("/sign-in", headers={"Host": host})
        assert response.status_code == 200
        assert "Secure" in response.headers["Set-Cookie"]
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    client = app.test_client()
    for host in ("evil.example", "x.lectern.example", "[fd00::1]:80"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400
    assert "Strict-Transport-Security" not in client.get("/sign-in", headers={"Host": "localhost"}).headers


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.5")])
def test_only_trusted_proxies_say_where_a_request_is_from(
    settings: Settings, backends: Backends, proxies: int, seen: str
) -> None:
    changed = dataclasses.replace(settings, trusted_proxies=proxies, allowed_hosts=("lectern.example",))
    app = create_app(changed, backends)
    app.add_url_rule("/seen", "signin.seen", _seen)
    response = app.test_client().get("/seen", headers=FORWARDED)
    assert response.text == f"{seen} {'https://lectern.example' if proxies == 1 else 'http://localhost'}/seen"


FORWARDED = {
    "X-Forwarded-For": "203.0.113.5, 198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "lectern.example",
}


def _seen() -> str:
    from flask import request

    return f"{request.remote_addr} {request.url}"


class Decision(Enum):
    """Who may come in by a route."""

    EVERYBODY = auto()
    SIGNED_IN = auto()
    OWNER = auto()
    ADMIN = auto()
    METRICS = auto()
    WITH_OIDC = auto()


DECISIONS = {
    "static": Decision.EVERYBODY,
    "signin.ask": Decision.EVERYBODY,
    "signin.enter": Decision.EVERYBODY,
    "signin.link": Decision.EVERYBODY,
    "signin.use_link": Decision.EVERYBODY,
    "oidc.go": Decision.WITH_OIDC,
    "oidc.come_back": Decision.WITH_OIDC,
    "pages.index": Decision.SIGNED_IN,
    "pages.search": Decision.SIGNED_IN,
    "pages.new": Decision.SIGNED_IN,
    "pages.keys": Decision.SIGNED_IN,
    "pages.presentation": Decision.OWNER,
    "pages.edit": Decision.OWNER,
    "pages.ask_again": Decision.OWNER,
    "pages.shelf": Decision.SIGNED_IN,
    "pages.create": Decision.SIGNED_IN,
    "actions.rename": Decision.OWNER,
    "actions.retry": Decision.OWNER,
    "actions.cancel": Decision.OWNER,
    "actions.move": Decision.OWNER,
    "actions.delete": Decision.OWNER,
    "actions.create_subject": Decision.SIGNED_IN,
    "actions.rename_subject": Decision.SIGNED_IN,
    "actions.delete_subject": Decision.SIGNED_IN,
    "actions.undo": Decision.OWNER,
    "files.open_": Decision.OWNER,
    "files.download": Decision.OWNER,
    "metering.metrics": Decision.METRICS,
    "health.alive": Decision.EVERYBODY,
    "health.ready": Decision.EVERYBODY,
    "docs.openapi": Decision.EVERYBODY,
    "docs.page": Decision.EVERYBODY,
    "docs.asset": Decision.EVERYBODY,
    "api.create_presentation": Decision.SIGNED_IN,
    "api.list_presentations": Decision.SIGNED_IN,
    "api.presentation": Decision.OWNER,
    "api.change_presentation": Decision.OWNER,
    "api.delete_presentation": Decision.OWNER,
    "api.retry_presentation": Decision.OWNER,
    "api.cancel_presentation": Decision.OWNER,
    "api.move_presentations": Decision.SIGNED_IN,
    "api.list_subjects": Decision.SIGNED_IN,
    "api.create_subject": Decision.SIGNED_IN,
    "api.rename_subject": Decision.OWNER,
    "api.delete_subject": Decision.OWNER,
    "api.presentation_file": Decision.OWNER,
    "api.list_events": Decision.SIGNED_IN,
    "api.list_webhooks": Decision.SIGNED_IN,
    "api.create_webhook": Decision.SIGNED_IN,
    "api.webhook": Decision.OWNER,
    "api.change_webhook": Decision.OWNER,
    "api.delete_webhook": Decision.OWNER,
    "api.rotate_webhook_secret": Decision.OWNER,
    "api.test_webhook": Decision.OWNER,
    "api.list_deliveries": Decision.OWNER,
    "api.send_again": Decision.OWNER,
    "account.show": Decision.SIGNED_IN,
    "account.change_password": Decision.SIGNED_IN,
    "account.sign_out": Decision.SIGNED_IN,
    "tokens.make": Decision.SIGNED_IN,
    "tokens.revoke": Decision.OWNER,
    "webhooks.make": Decision.SIGNED_IN,
    "webhooks.show": Decision.OWNER,
    "webhooks.change": Decision.OWNER,
    "webhooks.switch": Decision.OWNER,
    "webhooks.rotate_secret": Decision.OWNER,
    "webhooks.send_test": Decision.OWNER,
    "webhooks.send_again": Decision.OWNER,
    "webhooks.delete": Decision.OWNER,
}


@dataclass(frozen=True)
class Caller:
    """Rosa, or nobody, with the id of what is her colleague's."""

    client: FlaskClient
    accounts: Accounts
    theirs: str

    def signed_in(self) -> FlaskClient:
        return sign_in(self.client, self.accounts)


# Of rq-dashboard: which of its pages is asked for makes no difference to who may.
IN_DASHBOARD = {
    "instance_number": 0,
    "queue_name": "presentations",
    "registry_name": "failed",
    "per_page": 8,
    "order": "asc",
    "page": 1,
    "job_id": "none",
}


def test_every_route_lets_in_whom_it_was_decided_to(
    app: Flask, accounts: Accounts, library: Library, database: Database
) -> None:
    theirs = library.create("colleague", "Secret plans")
    organiser = Organiser(library)
    organiser.create_subject("colleague", "Secret plans")
    undo_id = organiser.move("colleague", [theirs.id], "Plans").undo_id
    webhooks = Webhooks(database, allow_private=True)
    webhook_id = webhooks.subscribe("colleague", "http://127.0.0.1:9/secret-plans").webhook.id
    token_id = Tokens(database).make("colleague", "Secret plans", SCOPES)[0].id
    given = IN_DASHBOARD | {
        "presentation_id": theirs.id,
        "undo_id": undo_id,
        "subject": "Secret plans",
        "token_id": token_id,
    }
    given |= {"webhook_id": webhook_id, "delivery_id": webhooks.send_test("colleague", webhook_id).id}
    paths = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        is_for_admins = rule.endpoint.startswith(("admin.", "rq_dashboard."))
        decision = Decision.ADMIN if is_for_admins else DECISIONS.get(rule.endpoint)
        assert decision, f"decide who may come in by {rule}"
        values = given | {"token": accounts.make_link("teacher"), "filename": FILES.get(rule.endpoint)}
        path = paths.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in {"GET", "POST", "PATCH", "DELETE"} & (rule.methods or set()):
            for check in CHECKS[decision]:
                check(Caller(app.test_client(), accounts, str(theirs.id)), method, path)
    left = library.get("colleague", theirs.id)
    assert (left.status, left.subject) == (PENDING, "plans")
    assert webhooks.get("colleague", webhook_id).is_active
    assert Tokens(database).list("colleague")


def _needs_sign_in(caller: Caller, method: str, path: str) -> None:
    response = caller.client.open(path, method=method)
    if path.startswith("/api/"):
        assert (response.status_code, response.mimetype) == (401, "application/problem+json")
        return
    assert response.status_code == 303
    assert response.location.startswith("/sign-in")


def _needs_a_token(caller: Caller, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer wrong"}):
        assert caller.client.open(path, method=method, headers=headers).status_code == 401


def _is_open(caller: Caller, method: str, path: str) -> None:
    # A form without the token of its page goes no further than this.
    response = caller.client.open(path, method=method, buffered=True)
    assert response.status_code == (200 if method == "GET" else 400) or response.location == "/"


def _is_not_there(caller: Caller, method: str, path: str) -> None:
    assert caller.client.open(path, method=method).status_code == 404


# What the routes of the API take.
SENT = {"presentations": {"title": "Mine"}, "subjects": {"name": "Mine"}, "webhooks": {"is_active": False}}


def _is_as_if_it_were_not_there(caller: Caller, method: str, path: str) -> None:
    client = caller.signed_in()
    token = hidden(client.get("/").text, "csrf_token")
    if path.startswith("/api/"):
        sent = next(sent for part, sent in SENT.items() if part in path)
        response = client.open(path, method=method, json=sent, headers={"X-CSRFToken": token})
    else:
        sent = {"subject": "Mine", "title": "Mine", "ids": caller.theirs, "url": "http://127.0.0.1:9/mine"}
        response = client.open(path, method=method, data={"csrf_token": token} | sent)
    assert response.status_code == 404
    assert "Secret plans" not in response.text


def _is_forbidden_to_teachers(caller: Caller, method: str, path: str) -> None:
    client = caller.signed_in()
    token = hidden(client.get("/").text, "csrf_token")
    assert client.open(path, method=method, data={"csrf_token": token}).status_code == 403


def _lets_teachers_in(caller: Caller, method: str, path: str) -> None:
    assert caller.signed_in().open(path, method=method).status_code == (200 if method == "GET" else 400)


CHECKS: dict[Decision, list[Callable[[Caller, str, str], None]]] = {
    Decision.EVERYBODY: [_is_open],
    Decision.SIGNED_IN: [_needs_sign_in, _lets_teachers_in],
    Decision.OWNER: [_needs_sign_in, _is_as_if_it_were_not_there],
    Decision.WITH_OIDC: [_is_not_there],
    Decision.METRICS: [_needs_a_token, _is_forbidden_to_teachers],
    Decision.ADMIN: [_needs_sign_in, _is_forbidden_to_teachers],
}
