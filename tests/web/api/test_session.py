"""The API as the pages' own script uses it: with a session instead of a token."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from presentations.accounts import Accounts
from presentations.database.models import (
    CANCELLED,
)
from tests.support.programs import PROBLEM
from tests.support.signing import hidden, sign_in
from tests.web.desk import Desk


def test_api_gives_a_presentation_and_304_until_it_changes(desk: Desk) -> None:
    row = desk.asked("Waits")
    answer = desk.client.get(f"/api/presentations/{row.id}")
    not_kept = dict.fromkeys(("file_url", "pdf_url", "slides", "slides_url"))
    assert answer.json == row.as_dict() | not_kept | {"files": []}
    seen = {"If-None-Match": answer.headers["ETag"]}
    assert desk.client.get(f"/api/presentations/{row.id}", headers=seen).status_code == 304
    desk.library.cancel("teacher", row.id)
    assert desk.client.get(f"/api/presentations/{row.id}", headers=seen).json["status"] == CANCELLED  # type: ignore[index]


def test_api_says_its_errors_in_json(desk: Desk) -> None:
    theirs = desk.library.create("colleague", "Secret plans").id
    for unknown in (theirs, uuid4(), "no-uuid", "a/b", "%00"):
        answer = desk.client.get(f"/api/presentations/{unknown}")
        assert answer.status_code == 404
        assert answer.mimetype == PROBLEM
    refused = desk.client.put(f"/api/presentations/{theirs}")
    assert (refused.status_code, refused.mimetype) == (405, PROBLEM)
    assert "GET" in refused.headers["Allow"]
    foreign = desk.client.get(f"/api/presentations/{theirs}", headers={"Host": "evil.example"})
    assert (foreign.status_code, foreign.mimetype) == (400, PROBLEM)


def test_session_works_with_the_pages_csrf_token(app: Flask, accounts: Accounts) -> None:
    client: FlaskClient = sign_in(app.test_client(), accounts)
    assert client.get("/api/presentations").status_code == 200
    refused = client.post("/api/presentations", json={"topic": "Cells"})
    assert (refused.status_code, refused.mimetype) == (400, PROBLEM)
    token = hidden(client.get("/").text, "csrf_token")
    asked = client.post("/api/presentations", json={"topic": "Cells"}, headers={"X-CSRFToken": token})
    assert asked.status_code == 202


def test_description_and_its_page_come_from_our_own_server(app: Flask) -> None:
    client = app.test_client()
    described = client.get("/api/openapi.json").json or {}
    assert described["openapi"] == "3.1.0"
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert len(described["paths"]) == len(routes)
    page = client.get("/api/docs")
    assert "<script>" not in page.text
    assert "://" not in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        with client.get(f"/api/docs/{name}") as file:
            assert file.status_code == 200
            assert name in page.text
