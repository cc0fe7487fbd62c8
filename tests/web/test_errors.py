"""What goes wrong is said kindly, in the design of the pages, and to the operator exactly."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.exceptions import default_exceptions

from presentations.database import Database
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.refusals import says_what_to_do
from tests.web.desk import Desk


@pytest.mark.parametrize(
    ("method", "path", "code", "said"),
    [
        ("GET", "/nowhere", 404, "There is no such page."),
        ("GET", "/presentations", 405, "only takes what a page of Lectern sends"),
        ("POST", "/presentations", 400, "This page was open too long. Nothing was lost"),
    ],
)
def test_error_pages_have_the_design_and_a_sentence(
    rosa: FlaskClient, method: str, path: str, code: int, said: str
) -> None:
    response = rosa.open(path, method=method)
    assert response.status_code == code
    assert said in response.text
    assert "lectern.css" in response.text
    assert "To your presentations" in response.text


@pytest.mark.parametrize(("path", "sentence"), [("/x", r"</h1>\s*<p>(.*?)</p>"), ("/api/x", r'"detail": "(.*?)"')])
def test_every_status_says_what_to_do(app: Flask, path: str, sentence: str) -> None:
    for code, error in default_exceptions.items():
        with app.test_request_context(path):
            said = re.findall(sentence, app.make_response(app.handle_user_exception(error())).get_data(as_text=True))
        assert [says_what_to_do(unescape(one)) for one in said] == [True], (code, said)


def test_too_much_at_once_is_refused(desk: Desk) -> None:
    response = desk.ask(instructions="x" * 1024 * 1024)
    assert response.status_code == 413
    assert "Lectern takes at most 1 MB" in response.text


def test_mistake_in_lectern_shows_no_traceback(app: Flask, rosa: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(Library, "sections", lambda *_: 1 / 0)
    response = rosa.get("/")
    assert response.status_code == 500
    assert "This is not your fault." in response.text
    assert "ZeroDivisionError" not in response.text


def test_database_that_is_away_is_said_kindly(
    settings: Settings, backends: Backends, rosa: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    cookie = rosa.get_cookie(name := f"lectern_{settings.port}")
    assert cookie
    assert "<code>" not in rosa.get("/no/such/page").text
    away = dataclasses.replace(backends, database_url="postgresql://nobody@127.0.0.1:9/none")
    client = create_app(settings, away).test_client()
    client.set_cookie(name, cookie.value)
    page, answer = client.get("/"), client.get(f"/api/presentations/{uuid4()}")
    assert (page.status_code, answer.status_code) == (503, 503)
    assert "Lectern cannot reach its database just now; nothing is lost." in page.text
    assert "nothing is lost" in (answer.json or {})["detail"]
    assert f"<code>{page.headers['X-Request-ID']}</code>" in page.text
    assert page.headers["Retry-After"] == "5"
    assert "Connection refused" in caplog.text


@pytest.mark.parametrize(
    "dropped", ["TABLE presentation_jobs CASCADE", "FUNCTION presentation_begin_page(text, interval, interval)"]
)
def test_missing_tables_are_told_to_the_operator_only(
    rosa: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture, dropped: str
) -> None:
    with database.begin() as session:
        session.execute(text(f"DROP {dropped}"))
    response = rosa.get("/")
    assert response.status_code == 503
    assert "schema.sql" not in response.text
    assert "psql -f schema.sql" in caplog.text
