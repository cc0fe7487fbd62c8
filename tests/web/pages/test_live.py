"""Looking for news: how often, what counts as news, and what it costs."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, update
from werkzeug.test import TestResponse

from presentations.accounts import Accounts
from presentations.database.models import (
    Presentation,
    Subject,
)
from tests.support.presentations import organise
from tests.support.signing import sign_in
from tests.web.desk import Desk


@pytest.fixture(autouse=True)
def _minute_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the turn of a minute there is news: pages say how long ago something was."""
    monkeypatch.setattr("presentations.web.pages.live.time", SimpleNamespace(time=lambda: 60.0))


def look(desk: Desk, path: str = "/", seen: str | None = None) -> TestResponse:
    """Look for news as the script does, knowing the page with the mark `seen`."""
    known = {"If-None-Match": seen} if seen else {}
    return desk.client.get(path, headers={"X-Lectern-Look": "1"} | known)


def test_look_answers_304_until_something_changes(desk: Desk) -> None:
    row = desk.running("Runs", message="Generating slides", slides_done=3)
    first = look(desk)
    again = look(desk, seen=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    with desk.database.begin() as session:
        session.execute(update(Presentation).where(Presentation.id == row.id).values(slides_done=4))
    changed = look(desk, seen=first.headers["ETag"])
    assert changed.status_code == 200
    assert "Writing slide 5 of 8" in changed.text


def test_look_from_another_session_is_news_since_its_forms_are(desk: Desk, app: Flask, accounts: Accounts) -> None:
    desk.asked("Waits")
    seen = {"If-None-Match": look(desk).headers["ETag"], "X-Lectern-Look": "1"}
    assert sign_in(app.test_client(), accounts).get("/", headers=seen).status_code == 200


def test_look_that_finds_nothing_is_one_statement_with_that_for_the_session(desk: Desk, statements: list[str]) -> None:
    desk.finished("Cells")
    seen = look(desk).headers["ETag"]
    statements.clear()
    assert look(desk, seen=seen).status_code == 304
    assert len(statements) == 1
    assert "presentation_begin_page" in statements[0]


def test_look_of_a_session_that_has_ended_finds_out_nothing(desk: Desk, accounts: Accounts) -> None:
    seen = look(desk).headers["ETag"]
    assert look(desk, seen=seen).status_code == 304
    accounts.end_sessions("teacher")
    assert look(desk, seen=seen).headers["Location"] == "/sign-in"


@pytest.mark.parametrize("path", ["/", "/search?q=cells", "/shelf", "/presentations/{id}"])
def test_page_brings_the_mark_of_what_it_shows(desk: Desk, path: str) -> None:
    path = path.format(id=desk.finished("Cells").id)
    desk.page(path)  # from now on it is no longer new, which is a change
    found = re.search('data-seen="([^"]*)"', desk.page(path))
    assert found
    assert look(desk, path, seen=f'W/"{found[1]}"').status_code == 304


def test_renamed_subject_is_news_and_a_renewed_lease_is_not(desk: Desk) -> None:
    organise(desk.library, "teacher", desk.finished("Cells").id, "Biology")
    running = desk.running("Runs")
    seen = look(desk).headers["ETag"]
    with desk.database.begin() as session:
        row = update(Presentation).where(Presentation.id == running.id)
        session.execute(row.values(lease_until=func.now()))
    assert look(desk, seen=seen).status_code == 304
    with desk.database.begin() as session:
        session.execute(update(Subject).values(name="Life sciences"))
    assert look(desk, seen=seen).status_code == 200


def test_look_leaves_what_is_said_once_to_the_page(desk: Desk) -> None:
    desk.ask(topic="Volcanoes")
    assert "will be made" not in look(desk).text
    assert "will be made" in desk.page()


def test_page_tells_how_often_to_look(desk: Desk) -> None:
    assert 'data-every="20"' in desk.page()
    desk.asked("Waits")
    assert 'data-every="2"' in desk.page()
    assert "data-every" not in desk.page("/new")


def test_without_javascript_the_page_reloads_only_while_something_is_made(desk: Desk) -> None:
    refresh = '<noscript><meta http-equiv="refresh" content="60"></noscript>'
    assert refresh not in desk.page()
    desk.asked("Waits")
    assert refresh in desk.page()
