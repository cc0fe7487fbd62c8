"""Outlines that wait for their teacher: answered, kept, put aside, brought back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, text

from presentations.database import Database
from presentations.errors import Conflicting, InvalidRequest, LimitReached, NotFound
from presentations.jobs import PRESENTATIONS, Leases
from presentations.library import MAX_SLIDE, Library, Organiser, Outlines
from presentations.lifecycle import PUT_ASIDE
from presentations.options import MAX_SLIDES
from tests.support.presentations import SLIDES, outlined, write


@pytest.fixture
def outlines(library: Library) -> Outlines:
    return Outlines(library)


def happened(library: Library, presentation_id: object) -> list[str]:
    return [event.kind for event in library.timeline("alice", str(presentation_id))]


def test_an_outline_waits_for_its_teacher_and_no_worker_gets_it(library: Library, database: Database) -> None:
    waits = outlined(library, "alice", "Light")
    assert (waits.status, waits.outline, waits.n_slides) == ("pending", list(SLIDES), 3)
    assert waits.awaits_teacher
    assert not waits.needs_outline
    assert Leases(database, PRESENTATIONS, 30).claim(waits.id) is None
    # It takes up nobody's room: a second is as if it were the first.
    assert library.count_before(library.create("alice", "Cells")) == 0
    assert happened(library, waits.id) == ["asked", "started", "outlined"]


def test_accepting_has_exactly_these_slides_made(library: Library, outlines: Outlines, database: Database) -> None:
    waits = outlined(library, "alice", "Light")
    outlines.revise("alice", waits.id, ["# Light", "# Dark"])
    kept = outlines.accept("alice", waits.id)
    assert (kept.outline, kept.n_slides, kept.awaits_teacher) == (["# Light", "# Dark"], 2, False)
    claimed = Leases(database, PRESENTATIONS, 30).claim(waits.id)
    assert claimed
    assert claimed.row.outline == ["# Light", "# Dark"]
    assert happened(library, waits.id)[-2:] == ["accepted", "started"]
    assert outlines.accept("alice", outlined(library, "alice", "Cells").id, ["# One"]).outline == ["# One"]


def test_keeping_it_changes_nothing_else_and_is_news(library: Library, outlines: Outlines) -> None:
    waits = outlined(library, "alice", "Light")
    kept = outlines.revise("alice", waits.id, ["# Light"])
    assert kept.awaits_teacher
    assert kept.n_slides == 1
    assert kept.changed_at > waits.changed_at
    assert happened(library, waits.id) == happened(library, kept.id) == ["asked", "started", "outlined"]


def test_an_answer_to_another_state_of_it_is_refused(library: Library, outlines: Outlines) -> None:
    waits = outlined(library, "alice", "Light")
    kept = outlines.revise("alice", waits.id, ["# Light"], seen=waits.awaits_teacher_since)
    for verb in (outlines.revise, outlines.accept):
        with pytest.raises(Conflicting, match="changed meanwhile"):
            verb("alice", waits.id, ["# Old"], seen=waits.awaits_teacher_since)
    outlines.accept("alice", waits.id, seen=kept.awaits_teacher_since)
    for verb in (outlines.revise, outlines.accept):
        with pytest.raises(Conflicting, match="not waiting"):
            verb("alice", waits.id, ["# Late"])
    assert library.whole("alice", waits.id).outline == ["# Light"]


def test_others_outlines_are_not_there(library: Library, outlines: Outlines) -> None:
    waits = outlined(library, "alice", "Light")
    for verb in (outlines.revise, outlines.accept):
        with pytest.raises(NotFound):
            verb("bob", waits.id, ["# Mine"])
        with pytest.raises(Conflicting):
            verb("alice", library.create("alice", "Not asked").id, ["# Mine"])
    assert library.whole("alice", waits.id).outline == list(SLIDES)


@pytest.mark.parametrize(
    ("slides", "field"),
    [
        ([], "slides"),
        (["# x"] * (MAX_SLIDES + 1), "slides"),
        ("# x", "slides"),
        (7, "slides"),
        (["# x", ""], "slides.2"),
        (["# x", 7], "slides.2"),
        (["x" * (MAX_SLIDE + 1)], "slides.1"),
        (["a\x00b"], "slides.1"),
    ],
)
def test_what_is_no_outline_is_refused_and_nothing_is_kept(
    library: Library, outlines: Outlines, slides: object, field: str
) -> None:
    waits = outlined(library, "alice", "Light")
    with pytest.raises(InvalidRequest) as refused:
        outlines.accept("alice", waits.id, slides)
    assert refused.value.field == field
    assert library.get("alice", waits.id).awaits_teacher_since == waits.awaits_teacher_since


def test_with_a_slide_of_contents_it_is_made_of_no_fewer_slides_than_presenton_takes(
    library: Library, outlines: Outlines
) -> None:
    waits = outlined(library, "alice", "Light", table_of_contents=True)
    outlines.revise("alice", waits.id, ["# Light", "# Dark"])
    with pytest.raises(InvalidRequest, match="slides: with a slide of contents expected at least 3, got 2: add some"):
        outlines.accept("alice", waits.id)
    assert library.get("alice", waits.id).awaits_teacher
    assert outlines.accept("alice", waits.id, ["# Light", "# Dark", "# Grey"]).n_slides == 3


def test_where_too_many_wait_it_goes_on_waiting_for_its_teacher(
    library: Library, outlines: Outlines, database: Database
) -> None:
    waits = outlined(library, "alice", "Light")
    library.create("alice", "Cells")
    with database.begin() as session:
        session.execute(text("UPDATE presentation_controls SET max_waiting = 1"))
    with pytest.raises(LimitReached):
        outlines.accept("alice", waits.id, ["# Light"])
    assert library.whole("alice", waits.id).outline == list(SLIDES)


def test_what_was_put_aside_says_why_and_trying_again_brings_the_outline_back(
    library: Library, database: Database
) -> None:
    waits = outlined(library, "alice", "Light")
    write(database, waits, awaits_teacher_since=func.now() - timedelta(days=15))
    with database.begin() as session:
        session.execute(PUT_ASIDE.of())
    aside = library.get("alice", waits.id)
    assert (aside.status, aside.awaits_teacher) == ("cancelled", False)
    assert "Nobody answered its outline for 14 days" in str(aside.message)
    assert aside.as_dict()["awaits_teacher_since"] is None
    library.retry("alice", waits.id)
    again = library.whole("alice", waits.id)
    assert (again.awaits_teacher, again.outline, again.message) == (True, list(SLIDES), None)


def test_a_deleted_one_comes_back_with_its_outline(library: Library) -> None:
    waits = outlined(library, "alice", "Light")
    organiser = Organiser(library.database, library.engine)
    organiser.undo("alice", organiser.delete("alice", [waits.id]).undo_id)
    back = library.whole("alice", waits.id)
    assert (back.awaits_teacher, back.outline) == (True, list(SLIDES))


def test_edited_it_is_asked_for_anew_without_its_outline(library: Library) -> None:
    waits = outlined(library, "alice", "Light")
    library.cancel("alice", waits.id)
    library.edit("alice", waits.id, "Sound", outline_first=True)
    edited = library.whole("alice", waits.id)
    assert (edited.outline, edited.awaits_teacher, edited.needs_outline) == (None, False, True)
