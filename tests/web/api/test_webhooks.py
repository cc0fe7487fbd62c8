"""Webhooks through the API, as a program uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import COMPLETED_EVENT, EVENTS
from presentations.webhooks.subscriptions import MOST
from tests.support.processes import Process
from tests.support.programs import PROBLEM, Program, fields_of
from tests.support.receiver import Receiver
from tests.support.waiting import eventually

URL = "http://127.0.0.1:8123/hook"


@pytest.fixture
def app(settings: Settings, backends: Backends, accounts: Accounts) -> Flask:
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    return create_app(replace(settings, webhook_allow_private=True), backends)


@pytest.fixture
def rosa(app: Flask, database: Database) -> Program:
    return Program(app, Tokens(database).make("teacher", "laptop", SCOPES)[1])


@pytest.fixture
def service(app: Flask, database: Database) -> Program:
    return Program(app, Tokens(database).make("admin", "LMS", SCOPES, acts_for_all=True)[1])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def test_a_program_is_told_and_sees_in_the_log_that_it_was(
    rosa: Program, receiver: Receiver, library: Library, start_worker: Callable[..., Process]
) -> None:
    start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    made = rosa("POST", "/webhooks", {"url": receiver.url})
    assert made.status_code == 201
    webhook = made.json or {}
    where = made.headers["Location"].removeprefix("/api")
    job_id = rosa.create("Leaves", n_slides=1)
    eventually(lambda: receiver.messages)
    told = receiver.messages[0].verified(webhook["secret"])
    assert (told["type"], told["data"]["job_id"]) == ("presentation.completed", job_id)
    eventually(lambda: rosa.items(f"{where}/deliveries")[0]["status"] == "delivered")
    [delivery] = rosa.items(f"{where}/deliveries")
    assert (delivery["status_code"], delivery["payload"], delivery["job_id"]) == (204, told, job_id)

    again = rosa("POST", f"{where}/deliveries/{delivery['id']}/again")
    assert (again.status_code, (again.json or {})["status"]) == (202, "waiting")
    assert rosa("POST", f"{where}/test").status_code == 202
    eventually(lambda: len(receiver.messages) == 3)
    assert {message.verified(webhook["secret"])["type"] for message in receiver.messages[1:]} == {
        "presentation.completed",
        "webhook.test",
    }
    page = rosa("GET", f"{where}/deliveries?limit=1").json or {}
    assert [one["event"] for one in rosa.items(f"{where}/deliveries?after={page['next']}")] == [COMPLETED_EVENT]

    file = rosa("GET", f"/presentations/{job_id}/file")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"].endswith("''Leaves.pptx")
    assert file.data[:2] == b"PK"


def test_webhooks_are_listed_changed_and_deleted(rosa: Program) -> None:
    made = rosa("POST", "/webhooks", {"url": URL, "events": [EVENTS[1]]}).json or {}
    assert made["events"] == [EVENTS[1]]
    where = f"/webhooks/{made['id']}"
    assert "secret" not in rosa.items("/webhooks")[0]
    off = rosa("PATCH", where, {"is_active": False, "url": f"{URL}/2", "events": list(EVENTS)}).json or {}
    assert (off["is_active"], off["url"], off["events"]) == (False, f"{URL}/2", list(EVENTS))
    refused = rosa("POST", f"{where}/test")
    assert (refused.status_code, refused.mimetype) == (409, PROBLEM)
    rotated = rosa("POST", f"{where}/secret").json or {}
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_secret_until"]
    assert rosa("GET", where).json == {name: value for name, value in rotated.items() if name != "secret"}
    assert rosa("DELETE", where).status_code == 204
    assert rosa("GET", where).status_code == 404
    assert rosa.items("/webhooks") == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "url"),
        ({"url": "ftp://x/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "http://user:word@127.0.0.1/"}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["presentation.started"]}, "events.0"),
        ({"url": URL, "all_users": "yes"}, "all_users"),
        ({"url": URL, "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_a_webhook_is_said_by_name(rosa: Program, sent: dict[str, object], field: str) -> None:
    assert fields_of(rosa("POST", "/webhooks", sent)) == [field]
    assert rosa.items("/webhooks") == []


def test_there_is_an_end_to_how_many(rosa: Program) -> None:
    for number in range(MOST):
        assert rosa("POST", "/webhooks", {"url": f"{URL}/{number}"}).status_code == 201
    assert rosa("POST", "/webhooks", {"url": URL}).status_code == 409


def test_a_single_request_names_who_is_to_be_told(
    rosa: Program, receiver: Receiver, start_worker: Callable[..., Process]
) -> None:
    start_worker(WEBHOOK_ALLOW_PRIVATE="1")
    sent = {"topic": "Leaves", "n_slides": 1, "webhook_url": receiver.url}
    asked = rosa("POST", "/presentations", sent, Idempotency_Key="k1").json or {}
    again = rosa("POST", "/presentations", sent, Idempotency_Key="k1").json or {}
    assert again == asked
    rosa.create("Others", n_slides=1)
    eventually(lambda: all(one["status"] == "complete" for one in rosa.items("/presentations")))
    eventually(lambda: receiver.messages)
    assert [message.verified(asked["webhook_secret"])["data"]["topic"] for message in receiver.messages] == ["Leaves"]
    assert rosa.items("/webhooks") == []


def test_nothing_is_made_when_who_is_to_be_told_is_refused(rosa: Program) -> None:
    refused = rosa("POST", "/presentations", {"topic": "Leaves", "webhook_url": "http://169.254.169.254/"})
    assert fields_of(refused) == ["webhook_url"]
    assert rosa.items("/presentations") == []


def test_a_service_is_told_of_everybodys_and_nobody_else_is(
    app: Flask, service: Program, rosa: Program, database: Database
) -> None:
    assert rosa("POST", "/webhooks", {"url": URL, "all_users": True}).status_code == 403
    for_another = service("POST", "/webhooks", {"url": URL, "all_users": True, "user_id": "teacher"})
    assert for_another.status_code == 403
    made = service("POST", "/webhooks", {"url": URL, "all_users": True}).json or {}
    rosa("POST", f"/presentations/{rosa.create('Leaves')}/cancel")
    where = f"/webhooks/{made['id']}"
    assert [one["payload"]["data"]["user_id"] for one in service.items(f"{where}/deliveries")] == ["teacher"]
    # A lesser token of the same account cannot turn it elsewhere.
    lesser = Program(app, Tokens(database).make("admin", "laptop", SCOPES)[1])
    for method, path in (("GET", where), ("PATCH", where), ("DELETE", where), ("GET", f"{where}/deliveries")):
        assert lesser(method, path, {"url": f"{URL}/mine"} if method == "PATCH" else None).status_code == 403
    assert lesser("POST", f"{where}/secret").status_code == 403


def test_file_of_what_is_not_made_is_not_there(rosa: Program) -> None:
    answer = rosa("GET", f"/presentations/{rosa.create()}/file")
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM)
