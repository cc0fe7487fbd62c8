"""Who may come in by which route: decided for each, and tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import PENDING
from presentations.library import Library, Organiser, Uploads, keep_thumbnail, thumbnails
from presentations.webhooks import Webhooks
from tests.support.signing import FILES, hidden, sign_in
from tests.support.uploads import Give
from tests.web.decisions import Decision, decision_on


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
    app: Flask, accounts: Accounts, library: Library, database: Database, uploads: Uploads, give: Give
) -> None:
    theirs = library.create("colleague", "Secret plans")
    organiser = Organiser(library.database, library.engine)
    organiser.create_subject("colleague", "Secret plans")
    undo_id = organiser.move("colleague", [theirs.id], "Plans").undo_id
    webhooks = Webhooks(database, allow_private=True)
    webhook_id = webhooks.subscribe("colleague", "http://127.0.0.1:9/secret-plans").webhook.id
    token_id = Tokens(database).make("colleague", "Secret plans", SCOPES)[0].id
    upload_id = give("colleague", "Secret plans.txt").id
    keep_thumbnail(database, "general", "/app_data/general.png", "image/png", b"a picture")
    given = IN_DASHBOARD | {
        "presentation_id": theirs.id,
        "undo_id": undo_id,
        "subject": "Secret plans",
        "token_id": token_id,
        "upload_id": upload_id,
        "file_id": upload_id,
        "sha256": thumbnails(database)["general"],
    }
    given |= {"webhook_id": webhook_id, "delivery_id": webhooks.send_test("colleague", webhook_id).id}
    paths = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        decision = decision_on(rule.endpoint)
        assert decision, f"decide who may come in by {rule}"
        values = given | {"token": accounts.make_link("teacher"), "filename": FILES.get(rule.endpoint), "version": 1}
        path = paths.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            for check in CHECKS[decision]:
                check(Caller(app.test_client(), accounts, str(theirs.id)), method, path)
    left = library.get("colleague", theirs.id)
    assert (left.status, left.subject) == (PENDING, "plans")
    assert webhooks.get("colleague", webhook_id).is_active
    assert Tokens(database).list("colleague")
    assert uploads.get("colleague", upload_id).is_kept is False


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
SENT: dict[str, dict[str, object]] = {
    "/outline": {"slides": [{"title": "Mine"}]},
    "/make": {},
    "presentations": {"title": "Mine"},
    "subjects": {"name": "Mine"},
    "webhooks": {"is_active": False},
    "undos": {},
    "files": {"keep": True},
}


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
