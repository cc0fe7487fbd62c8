"""Outlines by the API: read, changed, and answered."""

from __future__ import annotations

from typing import Any

import pytest

from presentations.library import Library
from presentations.options import MAX_POINTS
from tests.support.presentations import SLIDES, outlined
from tests.support.programs import PROBLEM, Program, fields_of

MINE = {"title": "Light", "points": ["Red is slow", "Blue is fast"]}


def test_an_outline_is_read_changed_and_made(rosa: Program, library: Library) -> None:
    where = f"/presentations/{outlined(library, 'teacher', 'Light').id}"
    seen: Any = rosa("GET", f"{where}/outline").json
    assert [slide["markdown"] for slide in seen["slides"]] == list(SLIDES)
    assert seen["slides"][0] == MINE | {"markdown": SLIDES[0]}
    assert seen["awaits_teacher_since"] == rosa("GET", where).json["awaits_teacher_since"]  # type: ignore[index]
    changed = rosa(
        "PUT", f"{where}/outline", {"slides": [MINE, {"title": "End"}], "seen": seen["awaits_teacher_since"]}
    )
    assert [slide["markdown"] for slide in changed.json["slides"]] == [SLIDES[0], "# End"]  # type: ignore[index]
    assert rosa("PUT", f"{where}/outline", {"slides": changed.json["slides"]}).status_code == 200  # type: ignore[index]
    made = rosa("POST", f"{where}/make")
    assert (made.status_code, made.json["n_slides"]) == (202, 2)  # type: ignore[index]
    assert made.json["awaits_teacher_since"] is None  # type: ignore[index]
    left: Any = rosa("GET", f"{where}/outline").json
    assert (left["awaits_teacher_since"], len(left["slides"])) == (None, 2)


def test_it_is_made_of_the_slides_that_come_with_the_answer(rosa: Program, library: Library) -> None:
    asked = outlined(library, "teacher", "Light")
    rosa("POST", f"/presentations/{asked.id}/make", {"slides": [{"markdown": "Only this"}]})
    assert library.whole("teacher", asked.id).outline == ["Only this"]


def test_what_does_not_go_with_how_it_stands_is_said(rosa: Program, library: Library) -> None:
    where = f"/presentations/{outlined(library, 'teacher', 'Light').id}"
    since = rosa("GET", f"{where}/outline").json["awaits_teacher_since"]  # type: ignore[index]
    sent = {"slides": [MINE], "seen": since}
    rosa("PUT", f"{where}/outline", sent)
    for method, path in (("PUT", "outline"), ("POST", "make")):
        answer = rosa(method, f"{where}/{path}", sent)
        assert (answer.status_code, answer.mimetype) == (409, PROBLEM)
        assert "was changed meanwhile" in answer.json["detail"]  # type: ignore[index]
    rosa("POST", f"{where}/make")
    for method, path in (("PUT", "outline"), ("POST", "make")):
        answer = rosa(method, f"{where}/{path}", {"slides": [MINE]})
        assert answer.status_code == 409
        assert "is not waiting for an answer" in answer.json["detail"]  # type: ignore[index]


def test_one_without_an_outline_says_so(rosa: Program) -> None:
    without = rosa("GET", f"/presentations/{rosa.create()}/outline")
    assert (without.status_code, without.mimetype) == (404, PROBLEM)
    assert "asked for without one" in without.json["detail"]  # type: ignore[index]
    not_yet = rosa("GET", f"/presentations/{rosa.create(outline_first=True)}/outline")
    assert "still being written" in not_yet.json["detail"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("slides", "field"),
    [
        ([], "slides"),
        ([MINE] * 51, "slides"),
        ([{}], "slides.0"),
        ([MINE, {"title": " ", "points": []}], "slides.1.title"),
        ([{"points": ["a"] * (MAX_POINTS + 1)}], "slides.0.points"),
        ([{"points": [" "]}], "slides.0.points.0"),
        ([{"points": ["x" * 3000, "y" * 3000]}], "slides.0"),
        ([MINE | {"markdown": "# Dark"}], "slides.0.markdown"),
        ([MINE | {"notes": "x"}], "slides.0.notes"),
        (["Light"], "slides.0"),
    ],
)
def test_what_cannot_be_a_slide_is_named(rosa: Program, library: Library, slides: Any, field: str) -> None:
    where = f"/presentations/{outlined(library, 'teacher', 'Light').id}"
    assert fields_of(rosa("PUT", f"{where}/outline", {"slides": slides})) == [field]
    assert fields_of(rosa("POST", f"{where}/make", {"slides": slides})) == [field]


def test_a_body_that_is_there_has_to_be_json(rosa: Program, library: Library) -> None:
    where = f"/api/presentations/{outlined(library, 'teacher', 'Light').id}/make"
    assert rosa._client.post(where, data="x", headers=rosa._headers).status_code == 415
