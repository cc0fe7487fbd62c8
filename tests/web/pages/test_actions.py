"""What a teacher does to presentations and subjects, and Undo."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    DELETED,
    PENDING,
)
from tests.support.presentations import organise
from tests.support.signing import hidden
from tests.web.desk import Desk, section, shown


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
    assert "it was undone already, or is older than 10 minutes" in undone.text


def test_undoing_after_another_tab_says_what_is_not_as_it_was(desk: Desk) -> None:
    ids = [str(desk.finished(topic).id) for topic in ("Cells", "Genes")]
    for id_ in ids:
        desk.send("/presentations/move", ids=id_, subject="Biology")
    page = desk.page()
    desk.send("/presentations/delete", ids=ids[1])
    undo(desk, page.partition("Genes")[2])
    page = desk.page()
    assert "Nothing was undone. “\u2068Genes\u2069” was deleted since, and stays so." in page
    assert "Cells" in section(page, "Biology")


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
    organise(desk.library, "teacher", cells.id, "Biology")
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
    assert "There is a subject \u2068Biology\u2069 now." in page
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


def test_failed_one_is_made_after_all(desk: Desk) -> None:
    failed = desk.failed("Too big")
    assert desk.send(f"/presentations/{failed.id}/retry").status_code == 303
    page = desk.page()
    assert "It will be made: “\u2068Too big\u2069”." in page
    assert "Too big" in section(page, "In progress")


def test_waiting_one_is_cancelled(desk: Desk) -> None:
    waiting = desk.asked("Waits")
    desk.send(f"/presentations/{waiting.id}/cancel")
    assert desk.library.get("teacher", waiting.id).status == CANCELLED
    assert "Cancelled “\u2068Waits\u2069”." in desk.page()


def test_cancelling_too_late_changes_nothing_and_says_so(desk: Desk) -> None:
    done = desk.finished("Done")
    desk.send(f"/presentations/{done.id}/cancel")
    assert "It was over already, and nothing has changed:" in desk.page()
    desk.send(f"/presentations/{done.id}/retry")
    assert "It is made already:" in desk.page()
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
