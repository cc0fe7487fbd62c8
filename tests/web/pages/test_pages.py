"""The pages and the API, as a browser without JavaScript sees them."""

from __future__ import annotations

import dataclasses
import gzip
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text, update
from werkzeug.test import TestResponse

from presentations import web
from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    DELETED,
    ERROR,
    PENDING,
    PROCESSING,
    Presentation,
    Subject,
)
from presentations.errors import InvalidRequest
from presentations.jobs import Outlook
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app, guard, times, wording
from presentations.webhooks import Webhooks
from tests.support.signing import FILES, hidden, sign_in

PROBLEM = "application/problem+json"


@pytest.fixture
def app(settings: Settings, backends: Backends) -> Flask:
    app = create_app(settings, backends)
    app.config["TESTING"] = True
    return app


@pytest.fixture
def client(app: Flask, accounts: Accounts) -> FlaskClient:
    """Rosa's browser; she is signed in."""
    return sign_in(app.test_client(), accounts)


class Desk:
    """A teacher's desk: presentations in every state, and forms sent as the page would send them."""

    def __init__(self, client: FlaskClient, library: Library, database: Database) -> None:
        self.client, self.library, self.database = client, library, database

    def asked(self, topic: str, **values: Any) -> Presentation:
        presentation = self.library.create("teacher", topic, values.pop("n_slides", 8))
        if values:
            with self.database.begin() as session:
                row = update(Presentation).where(Presentation.id == presentation.id)
                session.execute(row.values(queued_at=None, **values))
        return self.library.get("teacher", presentation.id)

    def running(self, topic: str, **values: Any) -> Presentation:
        started = datetime.now(UTC) - timedelta(minutes=7)
        return self.asked(topic, status=PROCESSING, lease_owner=uuid4(), started_at=started, **values)

    def finished(self, topic: str, **values: Any) -> Presentation:
        url = "/presentation?id=abc"
        return self.asked(topic, status=COMPLETE, completed_at=func.now(), presenton_url=url, **values)

    def failed(self, topic: str) -> Presentation:
        return self.asked(topic, status=ERROR, error="It was too much for the slide generator.")

    def fill(self, count: int, name: str | None = None, **values: Any) -> None:
        """Many presentations, "Topic 1" the newest; `name` is that of their subject."""
        same = {"user_id": "teacher", "status": COMPLETE, "n_slides": 8} | values
        now = datetime.now(UTC)
        with self.database.begin() as session:
            session.add_all(
                Presentation(topic=f"Topic {n}", created_at=now - timedelta(minutes=n), **same)
                for n in range(1, count + 1)
            )
            if name:
                session.add(Subject(user_id="teacher", key=same["subject"], name=name))

    def page(self, path: str = "/") -> str:
        response = self.client.get(path)
        assert response.status_code == 200
        return response.text

    def send(self, path: str, **fields: str) -> TestResponse:
        token = hidden(self.page(), "csrf_token")
        return self.client.post(path, data={"csrf_token": token} | fields)

    def ask(self, **fields: str) -> TestResponse:
        return self.send("/presentations", **{"topic": "Volcanoes", "n_slides": "5"} | fields)

    def rows(self) -> list[Presentation]:
        with self.database.begin() as session:
            return list(session.scalars(select(Presentation).order_by(Presentation.id)))


@pytest.fixture
def desk(client: FlaskClient, library: Library, database: Database) -> Desk:
    return Desk(client, library, database)


@pytest.fixture
def statements(app: Flask) -> list[str]:
    """The SQL that the web has sent."""
    sent: list[str] = []
    with app.app_context():
        event.listen(web.db.engine, "before_cursor_execute", lambda *said: sent.append(said[2]))
    return sent


def section(page: str, heading: str) -> str:
    """The text of one section, as a person reads it; empty when there is no such section."""
    for part in re.findall(r"<section.*?</section>", page, re.DOTALL):
        if re.search(rf"<h2[^>]*>{re.escape(heading)}</h2>", part):
            return shown(part)
    return ""


def shown(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_first_time_teacher_sees_an_invitation_and_the_form(desk: Desk) -> None:
    page = desk.page()
    assert "Nothing here yet." in page
    assert "What should it be about?" in page
    assert 'id="contents"' not in page


def test_in_progress_says_what_is_being_done_in_a_teachers_words(desk: Desk) -> None:
    desk.asked("Waits")
    desk.running("Runs", message="Generating slides", slides_done=3, slides_total=8)
    page = desk.page()
    progress = section(page, "In progress")
    assert "Writing slide 4 of 8 · started 7 min ago" in progress
    assert "Waiting: first in line. You can leave this page." in progress
    assert progress.index("Runs") < progress.index("Waits")
    assert re.search(r'<progress max="8" value="3" aria-label="3 of 8 slides done">', page)
    assert page.count("<progress") == 1


def test_failed_one_needs_attention_and_says_why(desk: Desk) -> None:
    desk.failed("Too big")
    attention = section(desk.page(), "Needs attention")
    assert "Not made. It was too much for the slide generator." in attention
    assert "Try again" in attention
    assert "Delete" in attention


def test_finished_ones_stand_under_their_subjects(desk: Desk) -> None:
    desk.finished("Zero", n_slides=1)
    cells = desk.finished("Cells")
    desk.library.organise("teacher", cells.id, "Biology")
    page = desk.page()
    assert "Zero New Select “Zero” 1 slide · today, " in section(page, "Unorganized")
    assert "Cells New Select “Cells” 8 slides · today, " in section(page, "Biology")
    assert "Cells" not in section(page, "Unorganized")
    assert f'href="/presentations/{cells.id}/open" target="_blank" rel="noopener"' in page
    assert cells.completed_at
    assert f'<time datetime="{cells.completed_at.isoformat()}"' in page


def test_cancelled_one_is_put_away_at_the_end(desk: Desk) -> None:
    desk.asked("Not needed", status=CANCELLED)
    page = desk.page()
    assert shown(page[page.index('<details class="cancelled"') :]).startswith("Cancelled (1) Not needed")
    assert "Make it after all" in page


def test_colleagues_presentations_are_not_shown(desk: Desk) -> None:
    desk.library.create("colleague", "Somebody else's")
    assert "Somebody else" not in desk.page()


def test_browsers_are_sent_to_presentons_public_address(
    settings: Settings, backends: Backends, desk: Desk, accounts: Accounts
) -> None:
    cells = desk.finished("Cells")
    public = dataclasses.replace(settings, presenton_public_url="https://slides.example")
    client = sign_in(create_app(public, backends).test_client(), accounts)
    assert client.get(f"/presentations/{cells.id}/open").location == "https://slides.example/presentation?id=abc"


def test_asking_makes_a_presentation_and_says_so_once(desk: Desk) -> None:
    response = desk.ask(topic="Volcanoes", n_slides="7", tone="casual", instructions="Grade 6")
    assert (response.status_code, response.location) == (303, "/")
    (row,) = desk.rows()
    assert (row.user_id, row.topic, row.n_slides, row.status) == ("teacher", "Volcanoes", 7, PENDING)
    assert (row.tone, row.instructions, row.language) == ("casual", "Grade 6", None)
    assert "“\u2068Volcanoes\u2069” will be made." in desk.page()
    assert "will be made" not in desk.page()


def test_form_that_is_sent_twice_asks_once(desk: Desk) -> None:
    key = hidden(desk.page("/new"), "idempotency_key")
    desk.ask(idempotency_key=key)
    desk.ask(idempotency_key=key)
    assert len(desk.rows()) == 1


def test_form_that_is_gone_back_to_and_changed_asks_again(desk: Desk) -> None:
    key = hidden(desk.page("/new"), "idempotency_key")
    desk.ask(idempotency_key=key)
    desk.ask(idempotency_key=key, topic="Earthquakes")
    assert {row.topic for row in desk.rows()} == {"Volcanoes", "Earthquakes"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("topic", "  ", "Please write something here."),
        ("topic", "x" * 501, "Expected at most 500 characters, got 501."),
        ("n_slides", "51", "Expected a whole number from 1 to 50."),
        ("n_slides", "many", "Expected a whole number from 1 to 50."),
        ("n_slides", "9" * 5000, "Expected a whole number from 1 to 50."),
        ("tone", "rude", "Expected one of default, casual"),
        ("language", "x" * 61, "Expected at most 60 characters"),
        ("instructions", "a\x00b", "Holds characters that cannot be stored."),
    ],
)
def test_bad_input_is_explained_beside_its_field_and_kept(desk: Desk, field: str, value: str, said: str) -> None:
    typed = {"topic": "Volcanoes & <lava>", "n_slides": "7", "language": "Deutsch", "instructions": "\nFirst: why?"}
    response = desk.ask(**typed | {field: value})
    page = unescape(response.text)
    assert response.status_code == 422
    assert re.search(rf'id="{field}-problem" dir="auto">{re.escape(said)}', page)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="{field}-problem"', page)
    for kept in (typed | {field: value}).values():
        assert kept in page or kept == "rude"
    assert desk.rows() == []


def test_line_break_at_the_start_of_instructions_survives(desk: Desk) -> None:
    page = desk.ask(topic="", instructions="\nFirst").text
    assert ">\n\nFirst</textarea>" in page


def undo(desk: Desk, page: str) -> TestResponse:
    found = re.search('action="(/undo/[^"]*)"', page)
    assert found
    return desk.send(found[1])


def test_moving_files_under_an_old_or_a_new_subject(desk: Desk) -> None:
    cells = desk.finished("Cells")
    response = desk.send("/presentations/move", ids=str(cells.id), subject="  Life   sciences ")
    assert (response.status_code, response.location) == (303, "/")
    page = desk.page()
    assert "Moved “\u2068Cells\u2069” to \u2068Life sciences\u2069" in page
    assert "Cells" in section(page, "Life sciences")
    assert '<option value="Life sciences">' in page
    desk.send("/presentations/move", ids=str(cells.id), subject="unorganized")
    assert "Cells" in section(desk.page(), "Unorganized")


def test_moving_many_and_undoing_it(desk: Desk) -> None:
    ids = [str(desk.finished(topic).id) for topic in ("Cells", "Genes", "Leaves")]
    token = hidden(desk.page(), "csrf_token")
    sent = {"csrf_token": token, "ids": ids, "subject": "Biology", "back": "/shelf?subject=Biology"}
    assert desk.client.post("/presentations/move", data=sent).location == "/shelf?subject=Biology"
    page = desk.page("/shelf?subject=Biology")
    assert "Moved 3 presentations to \u2068Biology\u2069" in page
    assert len(re.findall("<article", page)) == 3
    undo(desk, page)
    page = desk.page()
    assert "Undone." in page
    assert section(page, "Unorganized").startswith("Unorganized 3")
    undone = desk.send(re.findall('action="(/undo/[^"]*)"', page + '<form action="/undo/x">')[0])
    assert undone.status_code == 404


def test_nothing_moves_when_one_of_them_is_somebody_elses(desk: Desk) -> None:
    mine, theirs = desk.finished("Cells"), desk.library.create("colleague", "Secret plans")
    token = hidden(desk.page(), "csrf_token")
    sent = {"csrf_token": token, "ids": [str(mine.id), str(theirs.id)], "subject": "Biology"}
    assert desk.client.post("/presentations/move", data=sent).status_code == 404
    assert {row.subject for row in desk.rows()} == {"default"}


@pytest.mark.parametrize(
    ("path", "sent", "field", "problem"),
    [
        (
            "/presentations/move",
            {"subject": "<" * 81, "ids": "{id}"},
            "subject",
            "Expected at most 80 characters, got 81.",
        ),
        ("/presentations/{id}/rename", {"title": "x" * 501}, "title", "Expected at most 500 characters, got 501."),
        ("/subjects", {"name": "  "}, "name", "Please write something here."),
        ("/subjects/rename", {"name": "Biology", "new_name": ""}, "new_name", "Please write something here."),
    ],
)
def test_what_cannot_be_used_is_kept_beside_its_complaint(
    desk: Desk, path: str, sent: dict[str, str], field: str, problem: str
) -> None:
    cells = desk.finished("Cells")
    desk.library.organise("teacher", cells.id, "Biology")
    filled = {name: value.format(id=cells.id) for name, value in sent.items()}
    response = desk.send(path.format(id=cells.id), **filled)
    page = unescape(response.text)
    assert response.status_code == 422
    assert problem in page
    assert f'name="{field}" value="{filled[field]}"' in page
    for name, value in filled.items():
        assert f'name="{name}" value="{value}"' in page
    assert desk.library.get("teacher", cells.id).subject == "biology"


def test_renamed_and_back_again(desk: Desk) -> None:
    cells = desk.finished("Cells")
    desk.send(f"/presentations/{cells.id}/rename", title="What lives in a leaf")
    page = desk.page()
    assert "Renamed to “\u2068What lives in a leaf\u2069”" in page
    assert "What lives in a leaf" in section(page, "Unorganized")
    undo(desk, page)
    assert section(desk.page(), "Unorganized").startswith("Unorganized 1 in all Cells")


def test_subjects_are_made_renamed_brought_together_and_deleted(desk: Desk) -> None:
    cells, war = desk.finished("Cells"), desk.finished("The war")
    desk.send("/subjects", name="Biology")
    page = desk.page()
    assert "\u2068Biology\u2069 is a subject now." in page
    assert 'data-subject="Biology"' in page
    desk.send("/presentations/move", ids=str(cells.id), subject="biology")
    desk.send("/presentations/move", ids=str(war.id), subject="History")
    assert desk.send("/subjects/rename", name="Biology", new_name="Life").location == "/shelf?subject=Life"
    assert "Cells" in section(desk.page(), "Life")
    desk.send("/subjects/rename", name="Life", new_name="history")
    page = desk.page()
    assert section(page, "History").startswith("History 2")
    undo(desk, page)
    assert "Cells" in section(desk.page(), "Life")
    assert desk.send("/subjects/delete", name="Life").location == "/"
    page = desk.page()
    assert "Cells" in section(page, "Unorganized")
    undo(desk, page)
    assert "Cells" in section(desk.page(), "Life")


def test_page_of_one_presentation_tells_its_whole_story(desk: Desk) -> None:
    failed = desk.failed("Too big")
    page = desk.page(f"/presentations/{failed.id}")
    assert "Not made. It was too much for the slide generator." in shown(page)
    assert "Asked for" in shown(page)
    assert f'href="/presentations/{failed.id}/edit"' in page
    assert f'href="/new?like={failed.id}"' in page


def test_make_another_like_this_fills_the_form_in(desk: Desk) -> None:
    desk.ask(topic="Volcanoes", n_slides="7", tone="funny", instructions="Grade 6", subject="Geography")
    page = desk.page(f"/new?like={desk.rows()[0].id}")
    for value in ('value="Volcanoes"', 'value="7"', '"funny" selected', "Grade 6</textarea>", 'value="Geography"'):
        assert value in page


def test_form_remembers_what_was_chosen_last(desk: Desk) -> None:
    desk.ask(topic="Volcanoes", n_slides="7", tone="funny", instructions="Grade 6", language="Deutsch")
    desk.page()
    page = desk.page("/new")
    for value in ('value="7"', '"funny" selected', 'value="Deutsch"'):
        assert value in page
    assert "Volcanoes" not in page
    assert "Grade 6</textarea>" not in page


def test_failed_one_is_edited_and_tried_again(desk: Desk) -> None:
    failed = desk.failed("Too big")
    page = desk.page(f"/presentations/{failed.id}/edit")
    assert 'value="Too big"' in page
    sent = {"topic": "Smaller", "n_slides": "3", "subject": "Art"}
    assert "Expected a whole number" in desk.send(f"/presentations/{failed.id}/edit", **sent | {"n_slides": "x"}).text
    assert desk.send(f"/presentations/{failed.id}/edit", **sent).location == "/"
    (row,) = desk.rows()
    assert (row.topic, row.n_slides, row.subject, row.status) == ("Smaller", 3, "art", PENDING)


def test_finished_one_has_nothing_to_edit(desk: Desk) -> None:
    done = desk.finished("Done")
    assert desk.client.get(f"/presentations/{done.id}/edit").location == f"/presentations/{done.id}"


def test_search_finds_by_all_words_whatever_the_accents(desk: Desk) -> None:
    desk.finished("Été à la mer")
    desk.failed("Eté in the mountains")
    desk.finished("Winter")
    page = desk.page("/search?q=ETE")
    assert '<span role="status">2<' in page
    assert "Winter" not in page
    assert "Not made" in page
    assert '<span role="status">1<' in desk.page("/search?q=mer+été&sort=title&of=finished")
    assert "Nothing found" in desk.page("/search?q=summer")
    assert "Nothing found" in desk.page("/search?q=100%25")
    assert desk.client.get("/search?q=a%00&of=nothing&sort=nothing").status_code == 200


def test_search_goes_on_page_by_page(desk: Desk) -> None:
    desk.fill(50)
    (more,) = re.findall(r'rel="next" href="([^"]*)"', desk.page("/search?q=topic&sort=title"))
    assert more.startswith("/search?q=topic&amp;sort=title&amp;after=")
    assert len(re.findall("<article", desk.page(unescape(more)))) == 2


def test_new_until_it_is_opened(desk: Desk) -> None:
    done = desk.finished("Done")
    assert '<span class="badge">New</span>' in desk.page()
    desk.client.get(f"/presentations/{done.id}/open")
    assert '<span class="badge">New</span>' not in desk.page()


def test_what_is_not_finished_cannot_be_opened_or_downloaded(desk: Desk) -> None:
    waiting = desk.asked("Waits")
    for what in ("open", "file"):
        response = desk.client.get(f"/presentations/{waiting.id}/{what}")
        assert response.status_code == 404
        assert "no longer has this file" in response.text


def test_times_are_those_of_the_teachers_zone(desk: Desk) -> None:
    done = desk.finished("Done", created_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    with desk.database.begin() as session:
        row = update(Presentation).where(Presentation.id == done.id)
        session.execute(row.values(completed_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC)))
    desk.client.set_cookie("zone", "Asia/Tokyo")
    assert "Thursday 2 July 2026, 08:30" in desk.page()
    desk.client.set_cookie("zone", "America/New_York")
    assert "Wednesday 1 July 2026, 19:30" in desk.page()
    for odd in ("../../etc/passwd", "Nowhere", "x" * 3000, "%00"):
        desk.client.set_cookie("zone", odd)
        desk.page()


def test_failed_one_is_made_after_all(desk: Desk) -> None:
    failed = desk.failed("Too big")
    assert desk.send(f"/presentations/{failed.id}/retry").status_code == 303
    page = desk.page()
    assert "“\u2068Too big\u2069” will be made." in page
    assert "Too big" in section(page, "In progress")


def test_waiting_one_is_cancelled(desk: Desk) -> None:
    waiting = desk.asked("Waits")
    desk.send(f"/presentations/{waiting.id}/cancel")
    assert desk.library.get("teacher", waiting.id).status == CANCELLED
    assert "“\u2068Waits\u2069” is cancelled." in desk.page()


def test_cancelling_too_late_changes_nothing_and_says_so(desk: Desk) -> None:
    done = desk.finished("Done")
    desk.send(f"/presentations/{done.id}/cancel")
    assert "was over already; nothing has changed." in desk.page()
    desk.send(f"/presentations/{done.id}/retry")
    assert "is made already." in desk.page()
    assert desk.library.get("teacher", done.id).status == COMPLETE


def test_deleted_one_is_brought_back(desk: Desk) -> None:
    failed = desk.failed("Too big")
    desk.send("/presentations/delete", ids=str(failed.id))
    assert [row.status for row in desk.rows()] == [DELETED]
    page = desk.page()
    assert "Deleted “\u2068Too big\u2069”" in page
    assert section(page, "Needs attention") == ""
    undo(desk, page)
    assert "Too big" in section(desk.page(), "Needs attention")


@pytest.mark.parametrize("verb", ["rename", "retry", "cancel", "edit"])
def test_nobody_changes_what_is_not_theirs(desk: Desk, verb: str) -> None:
    theirs = desk.library.create("colleague", "Secret plans")
    for unknown in (theirs.id, uuid4(), "no-uuid"):
        response = desk.send(f"/presentations/{unknown}/{verb}", title="Mine", topic="Mine", n_slides="5")
        assert response.status_code == 404
        assert "There is no such presentation." in response.text
        assert "Secret plans" not in response.text
    assert desk.library.get(None, theirs.id).status == PENDING


def test_what_people_typed_is_shown_and_never_run(desk: Desk) -> None:
    evil = '"><script>alert(1)</script>'
    desk.running(evil, message=evil)
    done = desk.finished(evil)
    desk.library.organise("teacher", done.id, evil[:60])
    desk.send("/presentations/move", ids=str(done.id), subject=evil)
    page = desk.page() + desk.page("/search") + desk.page(f"/presentations/{done.id}")
    assert "<script>alert" not in page
    assert evil in shown(page)


def test_very_long_topic_does_not_overflow_the_session_cookie(desk: Desk) -> None:
    response = desk.ask(topic="\U0001f30b" * 500)
    assert response.status_code == 303
    assert len(response.headers["Set-Cookie"]) < 4000


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


def test_look_that_finds_nothing_costs_one_query_beside_the_session(desk: Desk, statements: list[str]) -> None:
    desk.finished("Cells")
    seen = look(desk).headers["ETag"]
    statements.clear()
    assert look(desk, seen=seen).status_code == 304
    assert len(statements) == 2
    assert "presentation_users" in statements[0]


@pytest.mark.parametrize("path", ["/", "/search?q=cells", "/shelf", "/presentations/{id}"])
def test_page_brings_the_mark_of_what_it_shows(desk: Desk, path: str) -> None:
    path = path.format(id=desk.finished("Cells").id)
    found = re.search('data-seen="([^"]*)"', desk.page(path))
    assert found
    assert look(desk, path, seen=f'W/"{found[1]}"').status_code == 304


def test_renamed_subject_is_news_and_a_renewed_lease_is_not(desk: Desk) -> None:
    desk.library.organise("teacher", desk.finished("Cells").id, "Biology")
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


def test_shelf_shows_its_newest_dozen_and_leads_to_all(desk: Desk, statements: list[str]) -> None:
    desk.fill(50, subject="life & more", name="Life & more")
    desk.fill(14, status=ERROR)
    statements.clear()
    page = desk.page()
    assert len(statements) <= 8
    assert page.count("<article") == 24
    shelf = section(page, "Life &amp; more")
    assert shelf.startswith("Life & more 50 in all Show all 50")
    assert "Topic 1 New Select “Topic 1” 8 slides" in shelf
    assert "Topic 12 New Select “Topic 12” 8 slides" in shelf
    assert "Topic 13 " not in shelf
    attention = section(page, "Needs attention")
    assert "Show all 14" in attention
    assert attention.count("Not made.") == 12
    assert '<a class="all" href="/shelf?subject=Life+%26+more">' in page


def test_all_of_a_shelf_come_page_by_page(desk: Desk, statements: list[str]) -> None:
    desk.fill(50, subject="life & more", name="Life & more")
    first = desk.page("/shelf?subject=Life+%26+more")
    assert re.findall(r"<h3[^>]*><a[^>]*>(Topic \d+)", first) == [f"Topic {n}" for n in range(1, 49)]
    assert '<h1 dir="auto">Life &amp; more</h1><span>50<' in first
    assert "To the beginning" not in first
    (older,) = re.findall(r'rel="next" href="([^"]*)"', first)
    statements.clear()
    second = desk.page(unescape(older))
    assert len(statements) <= 8
    assert re.findall(r"<h3[^>]*><a[^>]*>(Topic \d+)", second) == ["Topic 49", "Topic 50"]
    assert '<a class="btn" href="/shelf?subject=Life+%26+more">To the beginning</a>' in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("status", "kind", "name"),
    [
        (PENDING, "in-progress", "In progress"),
        (ERROR, "attention", "Needs attention"),
        (CANCELLED, "cancelled", "Cancelled"),
    ],
)
def test_each_kind_has_a_page_of_its_own(desk: Desk, status: str, kind: str, name: str) -> None:
    desk.fill(14, status=status)
    assert f'href="/shelf?of={kind}"' in desk.page()
    page = desk.page(f"/shelf?of={kind}")
    assert f'<h1 dir="auto">{name}</h1><span>14<' in page
    assert len(re.findall("<article", page)) == 14


@pytest.mark.parametrize(
    ("path", "code"),
    [("/shelf?of=nothing", 404), ("/shelf?after=x", 400), ("/shelf?subject=", 400), ("/shelf?subject=x", 200)],
)
def test_address_of_a_shelf_may_have_a_slip_in_it(desk: Desk, path: str, code: int) -> None:
    assert desk.client.get(path).status_code == code


def test_what_is_being_made_is_shown_before_newer_ones_that_wait(desk: Desk) -> None:
    desk.running("Runs")
    desk.fill(14, status=PENDING)
    progress = section(desk.page(), "In progress")
    assert progress.startswith("In progress 15 in all Tell me when they are ready Show all 15")
    assert "Runs" in progress


def test_shelves_hold_nothing_of_a_colleague(desk: Desk) -> None:
    desk.fill(14, user_id="colleague")
    assert "Topic" not in desk.page() + desk.page("/shelf")


def test_pages_travel_compressed_where_that_is_understood(desk: Desk) -> None:
    desk.fill(14)
    plain = desk.client.get("/shelf")
    small = desk.client.get("/shelf", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Topic 14" in gzip.decompress(small.data).decode()
    assert len(small.data) < len(plain.data) / 4


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


def test_api_gives_a_presentation_and_304_until_it_changes(desk: Desk) -> None:
    row = desk.asked("Waits")
    answer = desk.client.get(f"/api/presentations/{row.id}")
    assert answer.json == row.as_dict()
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


@pytest.mark.parametrize(
    ("method", "path", "code", "said"),
    [
        ("GET", "/nowhere", 404, "There is no such page."),
        ("GET", "/presentations", 405, "only takes what a page of Lectern sends"),
        ("POST", "/presentations", 400, "This page was open too long. Nothing was lost"),
    ],
)
def test_error_pages_have_the_design_and_a_sentence(
    client: FlaskClient, method: str, path: str, code: int, said: str
) -> None:
    response = client.open(path, method=method)
    assert response.status_code == code
    assert said in response.text
    assert "lectern.css" in response.text
    assert "To your presentations" in response.text


def test_too_much_at_once_is_refused(desk: Desk) -> None:
    response = desk.ask(instructions="x" * 1024 * 1024)
    assert response.status_code == 413
    assert "Lectern takes at most 1 MB" in response.text


def test_mistake_in_lectern_shows_no_traceback(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(Library, "sections", lambda *_: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "This is not your fault." in response.text
    assert "ZeroDivisionError" not in response.text


def test_database_that_is_away_is_said_kindly(
    settings: Settings, backends: Backends, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    cookie = client.get_cookie(name := f"lectern_{settings.port}")
    assert cookie
    assert "<code>" not in client.get("/no/such/page").text
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


def test_missing_tables_are_told_to_the_operator_only(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.begin() as session:
        session.execute(text("DROP TABLE presentation_jobs CASCADE"))
    response = client.get("/")
    assert response.status_code == 503
    assert "schema.sql" not in response.text
    assert "psql -f schema.sql" in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:8123", "LOCALHOST", "[::1]:8000"])
def test_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/sign-in", headers={"Host": host}).status_code in (200, 303)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1:8000"])
def test_foreign_names_are_refused(client: FlaskClient, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "127.0.0.1" in response.text


@pytest.mark.parametrize("path", ["/", "/search", "/nowhere", "/static/lectern.css", "/api/presentations/x"])
def test_every_answer_has_the_guards_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_session_cookie_is_out_of_reach(app: Flask) -> None:
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
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
    # To open or download one is to have seen it.
    for rule in (
        rule
        for rule in app.url_map.iter_rules()
        if not rule.rule.endswith(("/file", "/open"))
        and "/admin" not in rule.rule
        and not rule.endpoint.startswith(("metering.", "oidc."))  # not for her, or not set up
    ):
        for row in rows:
            given = {"presentation_id": row.id, "undo_id": uuid4(), "subject": "Mine", "token_id": uuid4()}
            given |= {"webhook_id": webhook_id, "delivery_id": uuid4()}
            given |= {"token": accounts.make_link("teacher"), "filename": FILES.get(rule.endpoint)}
            path = app.url_map.bind("127.0.0.1").build(rule.endpoint, {name: given[name] for name in rule.arguments})
            if "GET" in (rule.methods or ()):
                assert desk.client.get(path, buffered=True).status_code in (200, 303)
            for method in {"POST", "PATCH", "DELETE"} & (rule.methods or set()):
                sent = {"subject": "Mine", "topic": "Mine"}
                assert desk.client.open(path, method=method, data=sent).status_code == 400
    assert [_values(row) for row in desk.rows()] == before


def _values(row: Presentation) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in Presentation.__table__.columns}


def test_secret_key_is_made_once_however_many_processes_ask(settings: Settings, tmp_path: Path) -> None:
    without = dataclasses.replace(settings, secret_key=None, var_dir=tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(guard.secret_key, [without] * 16))
    assert len(keys) == 1
    assert len(keys.pop()) > 40
    assert [file.name for file in without.var_dir.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((without.var_dir / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("message", "done", "said"),
    [
        (None, None, "Getting started"),
        ("Generating presentation outlines", None, "Planning the slides"),
        ("Selecting layout for each slide", None, "Choosing layouts"),
        ("Generating slides", None, "Writing the slides"),
        ("Generating slides", 0, "Writing slide 1 of 8"),
        ("Generating slides", 8, "Writing slide 8 of 8"),
        ("Fetching assets for slides", 8, "Finding pictures"),
        ("Starting over", None, "Starting over"),
        ("Something new", None, "Something new"),
    ],
)
def test_presentons_messages_become_a_teachers_words(message: str | None, done: int | None, said: str) -> None:
    row = Presentation(status=PROCESSING, message=message, slides_done=done, slides_total=None, n_slides=8)
    assert wording.doing(row, Outlook(None, {}, 0)) == said


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(-3, "just now"), (0.9, "just now"), (1, "1 min ago"), (119, "119 min ago"), (121, "2 h ago")],
)
def test_ages_are_as_exact_as_they_matter(minutes: float, said: str) -> None:
    assert times.ago(NOON - timedelta(minutes=minutes), NOON) == said


def test_days_are_as_short_as_they_are_clear() -> None:
    assert times.day(NOON, NOON).startswith("today, ")
    assert times.day(NOON - timedelta(days=1), NOON) == "yesterday"
    assert times.day(NOON - timedelta(days=20), NOON) == "3 Nov"
    assert times.day(NOON - timedelta(days=400), NOON) == "19 Oct 2025"


def test_complaints_are_sentences() -> None:
    assert wording.complaint(InvalidRequest("topic", "expected text, got int")) == "Expected text, got int."
