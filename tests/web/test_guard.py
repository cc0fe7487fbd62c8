"""What every answer has to hold: names that are ours, headers, cookies, and a token for each change."""

from __future__ import annotations

import gzip
import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import (
    CANCELLED,
    Presentation,
)
from presentations.webhooks import Webhooks
from tests.support.signing import FILES
from tests.web.desk import Desk


def test_pages_travel_compressed_where_that_is_understood(desk: Desk) -> None:
    desk.fill(14)
    plain = desk.client.get("/shelf")
    small = desk.client.get("/shelf", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Topic 14" in gzip.decompress(small.data).decode()
    assert len(small.data) < len(plain.data) / 4


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8123", "LOCALHOST", "[::1]:8000"])
def test_own_names_are_answered(rosa: FlaskClient, host: str) -> None:
    assert rosa.get("/sign-in", headers={"Host": host}).status_code in (200, 303)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1:8000"])
def test_foreign_names_are_refused(rosa: FlaskClient, host: str) -> None:
    response = rosa.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "127.0.0.1" in response.text


@pytest.mark.parametrize("path", ["/", "/search", "/nowhere", "/static/lectern.css", "/api/presentations/x"])
def test_every_answer_has_the_guards_headers(rosa: FlaskClient, path: str) -> None:
    headers = rosa.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_a_page_is_small_and_its_scripts_and_styles_are_kept_for_a_year(desk: Desk) -> None:
    desk.fill(48)
    page = desk.client.get("/shelf", headers={"Accept-Encoding": "gzip"})
    assert len(page.data) < 12_000
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', desk.page("/shelf"))
    assert {path.rpartition("/")[2] for path in files} == {"lectern.css", "lectern.js", "mark.svg"}
    for path in files:
        kept = desk.client.get(path, buffered=True).headers["Cache-Control"]
        assert set(kept.split(", ")) == {"public", "max-age=31536000", "immutable"}


def test_a_script_of_another_version_is_not_kept(rosa: FlaskClient) -> None:
    answer = rosa.get("/static/0123456789ab/lectern.js", buffered=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_browsers_keep_nothing_but_what_is_the_same_for_everybody(app: Flask, ann: FlaskClient, desk: Desk) -> None:
    given: dict[str, Any] = {"presentation_id": desk.finished("Fractions").id, "subject": "Mine"}
    kept: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        of_jobs = rule.endpoint.startswith("rq_dashboard.") and rule.arguments - {"filename"}
        if "GET" not in (rule.methods or ()) or of_jobs:
            continue
        values = {name: given.get(name, uuid4()) for name in rule.arguments} | {
            "filename": FILES.get(rule.endpoint),
            "version": 1,
        }
        path = app.url_map.bind("127.0.0.1").build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for client in (ann, desk.client, app.test_client()):
            kept.setdefault(rule.endpoint, set()).add(client.get(path, buffered=True).headers["Cache-Control"])
    assert {endpoint for endpoint, said in kept.items() if said != {"no-store"}} == FILES.keys()


def test_session_cookie_is_out_of_reach(app: Flask) -> None:
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith(f"{app.config['SESSION_COOKIE_NAME']}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_pages_hold_nothing_that_their_policy_forbids(desk: Desk) -> None:
    desk.running("Runs")
    desk.failed("Too big")
    desk.finished("Done")
    desk.asked("Not needed", status=CANCELLED)
    page = desk.page()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", page)
    addresses = set(re.findall(r'(?:src|href|action)="(https?://[^"/]*)', page))
    assert len(addresses) <= 1  # Presenton's


def test_looking_changes_nothing_and_every_change_needs_the_pages_token(
    desk: Desk, app: Flask, accounts: Accounts, database: Database
) -> None:
    rows = [desk.asked("Waits"), desk.running("Runs"), desk.finished("Done"), desk.failed("Too big")]
    webhook_id = Webhooks(database, allow_private=True).subscribe("teacher", "http://127.0.0.1:9/").webhook.id
    before = [_values(row) for row in desk.rows()]
    for rule in (
        rule
        for rule in app.url_map.iter_rules()
        if "/admin" not in rule.rule
        and not rule.endpoint.startswith(("metering.", "oidc."))  # not for her, or not set up
    ):
        for row in rows:
            given = {"presentation_id": row.id, "undo_id": uuid4(), "subject": "Mine", "token_id": uuid4()}
            given |= {"webhook_id": webhook_id, "delivery_id": uuid4()}
            given |= {"token": accounts.make_link("teacher"), "filename": FILES.get(rule.endpoint), "version": 1}
            given |= {"sha256": "0" * 64, "file_id": uuid4(), "upload_id": uuid4()}
            path = app.url_map.bind("127.0.0.1").build(rule.endpoint, {name: given[name] for name in rule.arguments})
            # To open or download one is to have seen it.
            is_opened = rule.endpoint.startswith(("files.", "viewer.", "pages.presentation")) or rule.rule.endswith(
                ("/file", ".webp", "<sha256>", "/outline", "<uuid:file_id>", "<upload_id>")
            )
            if "GET" in (rule.methods or ()) and not is_opened:
                assert desk.client.get(path, buffered=True).status_code in (200, 303)
            for method in {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
                sent = {"subject": "Mine", "topic": "Mine"}
                # A form to sign in leads on who is signed in already, and does nothing.
                refused = (
                    303 if rule.endpoint.startswith("signin.") else 415 if rule.endpoint == "api.put_file" else 400
                )
                # What is not made takes no file, with or without a token.
                refusals = {refused, 404} if rule.endpoint == "versions.upload" else {refused}
                assert desk.client.open(path, method=method, data=sent).status_code in refusals
    assert [_values(row) for row in desk.rows()] == before


def _values(row: Presentation) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in Presentation.__table__.columns
        if column.key not in inspect(row).unloaded
    }
