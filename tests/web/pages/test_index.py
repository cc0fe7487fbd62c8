"""The page of all presentations: what stands where, and in which words."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime

from sqlalchemy import update

from presentations.accounts import Accounts
from presentations.database.models import (
    CANCELLED,
    PENDING,
    Presentation,
)
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from presentations.web.times import exact
from tests.support.presentations import organise
from tests.support.signing import sign_in
from tests.web.desk import Desk, section, shown


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
    organise(desk.library, "teacher", cells.id, "Biology")
    page = desk.page()
    assert "Zero New Select “Zero” 1 slide · today, " in section(page, "Unorganized")
    assert "Cells New Select “Cells” 8 slides · today, " in section(page, "Biology")
    assert "Cells" not in section(page, "Unorganized")
    assert f'href="/presentations/{cells.id}" class="btn quiet open"' in page
    assert cells.completed_at
    assert f'title="{exact(cells.completed_at)}">today, ' in page


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
        assert "This presentation is not made yet" in response.text


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


def test_what_people_typed_is_shown_and_never_run(desk: Desk) -> None:
    evil = '"><script>alert(1)</script>'
    desk.running(evil, message=evil)
    done = desk.finished(evil)
    organise(desk.library, "teacher", done.id, evil[:60])
    desk.send("/presentations/move", ids=str(done.id), subject=evil)
    page = desk.page() + desk.page("/search") + desk.page(f"/presentations/{done.id}")
    assert "<script>alert" not in page
    assert evil in shown(page)


def test_what_is_being_made_is_shown_before_newer_ones_that_wait(desk: Desk) -> None:
    desk.running("Runs")
    desk.fill(14, status=PENDING)
    progress = section(desk.page(), "In progress")
    assert progress.startswith("In progress 15 in all Tell me when they are ready Show all 15")
    assert "Runs" in progress
