"""An outline that waits for its teacher: on every page, and answered by forms as they are sent without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, text
from werkzeug.test import TestResponse

from presentations.database.models import Presentation
from presentations.library import MAX_SLIDE, Outlines
from presentations.lifecycle import PUT_ASIDE
from presentations.options import MAX_SLIDES
from tests.support.presentations import SLIDES, outlined, write
from tests.support.signing import hidden
from tests.web.desk import Desk, section, shown

TYPED = [("Light", "Red is slow\nBlue is fast"), ("Leaves", "Green"), ("Sugar", "Sweet")]


@pytest.fixture
def waits(desk: Desk) -> Presentation:
    return outlined(desk.library, "teacher", "Photosynthesis")


def fields(*slides: tuple[str, str]) -> dict[str, str]:
    return {
        f"{name}-{n}": value
        for n, slide in enumerate(slides, 1)
        for name, value in zip(("title", "points"), slide, strict=True)
    }


def answer(desk: Desk, one: Presentation, do: str, *slides: tuple[str, str], **also: Any) -> TestResponse:
    page = desk.page(f"/presentations/{one.id}")
    seen = {"seen": hidden(page, "seen")} if 'name="seen"' in page else {}
    return desk.send(f"/presentations/{one.id}/outline", do=do, **(seen | fields(*slides) | also))


def titles(page: str) -> list[str]:
    return [part.split('value="')[1].split('"')[0] for part in page.split('class="title"')[1:]]


def test_every_page_says_that_the_outline_waits_and_promises_nothing(desk: Desk, waits: Presentation) -> None:
    desk.asked("Older")
    home = desk.page()
    progress = section(home, "In progress")
    assert progress.index("Photosynthesis") < progress.index("Older")
    assert "See the outline of “Photosynthesis”" in progress
    assert "Its outline waits for you" in progress
    assert "1 outline waits for you" in shown(home)
    for path in ("/search?q=photo", "/shelf?of=in-progress", f"/presentations/{waits.id}"):
        assert "Its outline waits for you" in shown(desk.page(path))
    assert "An outline was proposed" in shown(desk.page(f"/presentations/{waits.id}"))


def test_a_page_is_not_looked_at_anew_every_moment_for_an_outline(desk: Desk, waits: Presentation) -> None:
    for path in ("/", f"/presentations/{waits.id}"):
        page = desk.page(path)
        assert 'data-every="20"' in page
        assert 'http-equiv="refresh"' not in page


def test_those_that_wait_for_their_teacher_are_shown_however_old_they_are(desk: Desk, waits: Presentation) -> None:
    write(desk.database, waits, created_at=func.now() - timedelta(days=3))
    desk.fill(20, status="pending")
    progress = section(desk.page(), "In progress")
    assert progress.startswith("In progress 21")
    assert progress.index("Photosynthesis") < progress.index("Topic 1")


def test_while_it_is_written_no_time_is_promised_and_no_slides_are_counted(desk: Desk) -> None:
    desk.fill(5, started_at=func.now() - timedelta(minutes=8), completed_at=func.now())
    desk.running("Photosynthesis", outline_first=True)
    page = desk.page()
    assert "Writing the outline · started 7 min ago" in section(page, "In progress")
    assert "min left" not in page
    assert "<progress" not in page


def test_it_is_made_of_exactly_what_was_sent(desk: Desk, waits: Presentation) -> None:
    page = desk.page(f"/presentations/{waits.id}")
    assert titles(page) == ["Light", "Leaves", "Sugar"]
    sent = answer(desk, waits, "make", ("Leaves", "Green\n  - dark"), ("Light", ""))
    assert (sent.status_code, sent.location) == (303, f"/presentations/{waits.id}")
    made = desk.library.whole("teacher", waits.id)
    assert (made.outline, made.n_slides) == (["# Leaves\n\n- Green\n  - dark", "# Light"], 2)
    assert not made.awaits_teacher
    page = desk.page(f"/presentations/{waits.id}")
    assert "It will be made from your outline" in page
    assert "Its outline was accepted" in page
    assert 'id="outline"' not in page


def test_it_is_kept_for_later(desk: Desk, waits: Presentation) -> None:
    assert answer(desk, waits, "keep", ("Other", "Points")).status_code == 303
    kept = desk.library.whole("teacher", waits.id)
    assert (kept.outline, kept.awaits_teacher) == (["# Other\n\n- Points"], True)
    assert "Your outline is kept" in desk.page(f"/presentations/{waits.id}")


@pytest.mark.parametrize(
    ("button", "after", "focus"),
    [
        ("up-2", ["Leaves", "Light", "Sugar"], "up-1"),
        ("down-2", ["Light", "Sugar", "Leaves"], "down-3"),
        ("up-1", ["Light", "Leaves", "Sugar"], "up-1"),
        ("down-3", ["Light", "Leaves", "Sugar"], "down-3"),
        ("add-1", ["Light", "", "Leaves", "Sugar"], "title-2"),
        ("delete-3", ["Light", "Leaves"], "title-2"),
        ("up-0", ["Light", "Leaves", "Sugar"], "up-0"),
        ("delete-999", ["Light", "Leaves"], "title-2"),
        ("burn-1", ["Light", "Leaves", "Sugar"], ""),
    ],
)
def test_each_button_keeps_what_is_typed_and_sends_nothing_else(
    desk: Desk, waits: Presentation, button: str, after: list[str], focus: str
) -> None:
    page = answer(desk, waits, button, *TYPED)
    assert page.status_code == 200
    assert titles(page.text) == after
    assert focus not in ("", "up-0") or "autofocus" not in page.text.split('id="outline"')[1]
    if focus not in ("", "up-0"):
        assert "autofocus" in page.text.split(f'id="{focus}"')[1].split(">")[0]
    assert desk.library.whole("teacher", waits.id).outline == list(SLIDES)


def test_the_last_slide_and_the_fifty_first(desk: Desk, waits: Presentation) -> None:
    assert titles(answer(desk, waits, "delete-1", ("Only", "")).text) == [""]
    many = [("Title", "Point")] * MAX_SLIDES
    page = answer(desk, waits, "add-1", *many)
    assert len(titles(page.text)) == MAX_SLIDES
    assert "at most 50 slides" in page.text
    assert answer(desk, waits, "make", *many, ("One more", "")).status_code == 422
    assert answer(desk, waits, "make").status_code == 422
    assert answer(desk, waits, "make", *many).status_code == 303


@pytest.mark.parametrize(
    ("slide", "problem"),
    [
        (("", " \n "), "Please write something here."),
        (("Title", "a\x00b"), "Holds a character that cannot be stored, U+0000: leave it out."),
        (("Title", "x" * MAX_SLIDE), "Expected at most 5000 characters, got 5011."),
    ],
)
def test_what_is_wrong_with_a_slide_stands_beside_it(
    desk: Desk, waits: Presentation, slide: tuple[str, str], problem: str
) -> None:
    refused = answer(desk, waits, "make", ("Light", "Red"), slide)
    assert refused.status_code == 422
    assert f'id="title-2-problem" dir="auto">{problem}' in refused.text
    assert titles(refused.text) == ["Light", slide[0]]
    assert desk.library.whole("teacher", waits.id).outline == list(SLIDES)


def test_where_too_many_wait_it_is_said_and_nothing_is_lost(desk: Desk, waits: Presentation) -> None:
    desk.asked("Older")
    with desk.database.begin() as session:
        session.execute(text("UPDATE presentation_controls SET max_waiting = 1"))
    refused = answer(desk, waits, "make", ("Mine", "Point"))
    assert refused.status_code == 422
    assert "You have 1 presentation waiting" in refused.text
    assert titles(refused.text) == ["Mine"]


def test_what_another_window_kept_is_not_written_over_unseen(desk: Desk, waits: Presentation) -> None:
    Outlines(desk.library).revise("teacher", waits.id, ["# Theirs"])
    assert waits.awaits_teacher_since
    late = answer(desk, waits, "make", ("Mine", "Point"), seen=waits.awaits_teacher_since.isoformat())
    assert late.status_code == 409
    assert "changed in another window" in late.text
    assert titles(late.text) == ["Mine"]
    assert desk.library.whole("teacher", waits.id).outline == ["# Theirs"]
    assert answer(desk, waits, "make", ("Mine", "Point"), seen=hidden(late.text, "seen")).status_code == 303


def test_what_comes_after_the_answer_is_there_to_be_copied(desk: Desk, waits: Presentation) -> None:
    Outlines(desk.library).accept("teacher", waits.id)
    late = answer(desk, waits, "make", ("Mine", "Point <b>"))
    assert late.status_code == 409
    said = section(late.text, "What you had typed")
    assert "waits for no answer any more" in said
    assert "# Mine - Point <b>" in said
    assert desk.library.whole("teacher", waits.id).outline == list(SLIDES)


def test_put_aside_says_so_and_trying_again_brings_it_back(desk: Desk, waits: Presentation) -> None:
    write(desk.database, waits, awaits_teacher_since=func.now() - timedelta(days=15))
    with desk.database.begin() as session:
        session.execute(PUT_ASIDE.of())
    for path in ("/", f"/presentations/{waits.id}"):
        page = shown(desk.page(path))
        assert "Nobody answered its outline for 14 days, so it was put aside." in page
        assert "Try again “Photosynthesis”" in page
    assert "1 outline waits" not in desk.page()
    desk.send(f"/presentations/{waits.id}/retry")
    assert "Its outline waits for you: “" in desk.page()
    assert titles(desk.page(f"/presentations/{waits.id}")) == ["Light", "Leaves", "Sugar"]


def test_others_outlines_are_not_there(desk: Desk) -> None:
    theirs = outlined(desk.library, "colleague", "Secret plans")
    for do in ("make", "keep", "up-1"):
        assert desk.send(f"/presentations/{theirs.id}/outline", do=do, **fields(("Mine", ""))).status_code == 404
    assert desk.library.whole("colleague", theirs.id).outline == list(SLIDES)


def test_whatever_a_model_wrote_is_shown_escaped(desk: Desk) -> None:
    evil = "\"'><img src=x onerror=alert(1)></textarea><script>alert(1)</script>"
    one = outlined(desk.library, "teacher", "Evil", [f"# {evil}\n\n- {evil}\n\n{evil}"])
    pages = [desk.page(f"/presentations/{one.id}"), answer(desk, one, "up-1", (evil, evil)).text]
    for page in pages:
        assert page.count("</textarea>") == 1
        assert "<img src=x" not in page
        assert "<script>alert" not in page
