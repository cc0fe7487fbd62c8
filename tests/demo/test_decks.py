"""The demo's decks: listed, kept, deleted, and finished though nobody looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from tests.demo.caller import ALL, DECK, GENERATE, STATUS, Caller, Start, titles
from tests.support.waiting import eventually

LISTED = {
    "id", "version", "content", "n_slides", "language", "title",
    "created_at", "updated_at", "tone", "verbosity", "slides", "fonts",
}  # fmt: skip
SLIDE = {
    "id", "presentation", "layout_group", "layout", "index",
    "content", "html_content", "speaker_note", "ui", "properties",
}  # fmt: skip


def test_decks_are_listed_newest_first_once_their_slides_are_made(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    task = teacher.ask("First")
    while not teacher.listed():
        before = teacher.task(task)["data"]
    assert before["remaining_slides"] <= 1
    assert teacher.task(task)["data"]["remaining_slides"] == 0
    teacher.made("Second")
    decks = teacher.listed()
    assert [deck["content"] for deck in decks] == ["Second", "First"]
    assert set(decks[0]) == LISTED
    assert (decks[0]["n_slides"], decks[0]["language"], decks[0]["tone"], decks[0]["slides"]) == (2, "", "default", [])
    shown = teacher.get(DECK + decks[0]["id"]).json()
    assert set(shown) == LISTED
    assert [set(slide) for slide in shown["slides"]] == [SLIDE, SLIDE]


def test_a_deck_is_finished_though_nobody_looks(start: Start, tmp_path: Path) -> None:
    teacher = start(seconds_per_slide=0.05)
    teacher.ask("Left alone")
    eventually(lambda: list((tmp_path / "data" / "decks").glob("*.json")))


def test_an_abandoned_blocking_call_makes_its_deck(start: Start) -> None:
    teacher = start(seconds_per_slide=0.2)
    with pytest.raises(requests.ReadTimeout):
        teacher.post(GENERATE, {"content": "Abandoned", "n_slides": 2}, timeout=0.1)
    assert eventually(teacher.listed)[0]["content"] == "Abandoned"
    assert teacher.demo.requests_of("Abandoned") == 1


def test_a_deleted_deck_is_gone_but_its_file_stays(teacher: Caller) -> None:
    result = teacher.made("Short-lived")
    path = DECK + result["presentation_id"]
    assert [teacher.delete(path).status_code for _ in range(2)] == [204, 404]
    assert teacher.listed() == []
    assert teacher.get(result["path"]).content.startswith(b"PK")
    assert teacher.get(result["edit_path"]).status_code == 404


@pytest.mark.parametrize(
    "title",
    ["光合作用とは何か", "x" * 500, "مقدمة في الخوارزميات", "a\x00b\U0001f600\ufffe\x1b", "../../etc/passwd", "  "],
)
def test_any_title_makes_a_deck(teacher: Caller, title: str) -> None:  # fmt: skip
    result = teacher.made(title, 3)
    assert re.fullmatch(r"/app_data/exports/[A-Za-z0-9-]{1,60}_[0-9a-f-]{36}\.pptx", result["path"])
    assert len(titles(teacher.get(result["path"]).content)) == 3
    assert teacher.get(result["edit_path"]).ok
    assert teacher.listed()[0]["content"] == title


def test_decks_survive_a_restart_but_tasks_do_not(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    result, task, url = teacher.made("Before"), teacher.ask("Cut short"), teacher.demo.url
    teacher.demo.stop()
    with pytest.raises(requests.ConnectionError):
        teacher.get(ALL)
    teacher.demo.start()
    assert teacher.demo.url == url
    assert len(titles(teacher.get(result["path"]).content)) == 2
    assert teacher.get(result["edit_path"]).ok
    assert teacher.get(STATUS + task["id"]).status_code == 404
    teacher.made("After")
    assert [deck["content"] for deck in teacher.listed()] == ["After", "Before"]


def test_tasks_can_be_kept_as_presenton_keeps_them_pending_for_ever(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1, keep_tasks=True)
    done, cut = teacher.ended(teacher.ask("Done", 1)), teacher.ask("Cut short", 50)
    teacher.demo.stop()
    teacher.demo.start()
    assert teacher.task(done) == done
    assert teacher.task(cut)["status"] == "pending"
    teacher.ended(teacher.ask("Later", 1))
    assert teacher.task(cut)["updated_at"] < teacher.listed()[0]["created_at"]
