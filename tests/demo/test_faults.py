"""Faults that the demo can be told to have."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from presentations.demo.faults import InvalidFault
from tests.demo.caller import ALL, DECK, GENERATE, GENERATE_ASYNC, STATUS, TASK, Caller, Start
from tests.support.waiting import eventually


def test_faults_are_set_shown_and_cleared_over_http(teacher: Caller) -> None:
    told = {"kind": "status", "status": 502, "html": True, "path": "/status/", "times": 2}
    assert teacher.post("/demo/faults", told).status_code == 201
    assert teacher.get("/demo/faults").json() == [told | {"detail": "The demo was told to fail.", "seconds": None}]
    task = teacher.ask("Rivers")
    answers = [teacher.get(STATUS + task["id"]) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 200]
    assert answers[0].text.startswith("<html>\r\n<head><title>502 Bad Gateway</title></head>")
    assert teacher.get("/demo/faults").json() == []
    teacher.post("/demo/faults", {"kind": "status", "status": 429})
    assert teacher.get(ALL).json() == {"detail": "The demo was told to fail."}
    assert teacher.delete("/demo/faults").status_code == 204
    assert teacher.listed()


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({}, "kind: expected one of"),
        ({"kind": ["hang"]}, "kind: expected one of"),
        ({"kind": "hang", "status": 500}, "status: hang takes path, times, seconds"),
        ({"kind": "forget_tasks", "times": 1}, "times: forget_tasks takes nothing"),
        ({"kind": "status", "status": 200}, "status: expected a whole number from 400 to 599"),
        ({"kind": "status", "times": True}, "times: expected a whole number"),
        ({"kind": "slow", "delay": "1"}, "delay: expected a number"),
        ({"kind": "rubbish", "form": []}, "form: expected one of html, truncated"),
        ({"kind": "hang", "self": 1}, "self: hang takes"),
        (["hang"], "A fault is a JSON object"),
    ],
)
def test_faults_that_do_not_exist_are_refused(teacher: Caller, told: Any, problem: str) -> None:
    answer = teacher.post("/demo/faults", told)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(problem)


def test_tasks_can_be_forgotten(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    task = teacher.ask("Forgotten")
    teacher.demo.faults.add("forget_tasks")
    assert teacher.get(STATUS + task["id"]).status_code == 404
    assert eventually(teacher.listed)[0]["content"] == "Forgotten"
    assert teacher.ended(teacher.ask("Known", 1))["status"] == "completed"


def test_tasks_can_be_stuck(start: Start) -> None:
    teacher = start(seconds_per_slide=0.1)
    running = teacher.ask("Running")
    teacher.demo.faults.add("stuck", times=1)
    begun, later = teacher.ask("Begun"), teacher.ask("Later", 3)
    before = [teacher.task(task) for task in (running, begun)]
    assert teacher.ended(later)["status"] == "completed"
    assert [teacher.task(task) for task in (running, begun)] == before
    assert {task["status"] for task in before} == {"pending"}


def test_the_server_can_hang_until_it_is_told_not_to(start: Start) -> None:
    teacher = start()
    teacher.demo.faults.add("hang", path="/generate")
    with pytest.raises(requests.ReadTimeout):
        teacher.post(GENERATE, {"content": "Never"}, timeout=0.1)
    assert teacher.listed() == []
    with ThreadPoolExecutor() as people:
        call = people.submit(teacher.post, GENERATE, {"content": "Let go"})
        eventually(lambda: teacher.demo.requests_of("Let go"))
        teacher.demo.faults.clear()
        assert isinstance(call.exception(5), requests.ConnectionError)
    assert teacher.demo.generations_of("Never") == teacher.demo.generations_of("Let go") == 0


def test_answers_can_be_slow(teacher: Caller) -> None:
    teacher.demo.faults.add("slow", delay=0.3, times=1)
    assert teacher.get(ALL).elapsed.total_seconds() >= 0.3
    teacher.demo.faults.add("slow", delay=30, seconds=0)
    assert teacher.listed() == []


@pytest.mark.parametrize("form", ["html", "truncated", "wrong_types", "missing_fields", "list"])
def test_answers_can_be_rubbish(teacher: Caller, form: str) -> None:
    teacher.demo.faults.add("rubbish", form=form, times=1)
    answer = teacher.post(GENERATE_ASYNC, {"content": "Spoilt"})
    assert answer.status_code == 200
    if form in ("html", "truncated"):
        with pytest.raises(requests.JSONDecodeError):
            answer.json()
    if form == "html":
        assert answer.headers["Content-Type"].startswith("text/html")
    if form == "wrong_types":
        assert (answer.json()["id"], answer.json()["data"]) == (17, "seventeen")
    if form == "missing_fields":
        assert answer.json() == {}
    if form == "list":
        assert set(answer.json()[0]) == TASK
    assert teacher.demo.generations_of("Spoilt") == 1


def test_files_can_be_rubbish_too(teacher: Caller) -> None:
    path = teacher.made("Rome")["path"]
    teacher.demo.faults.add("rubbish", path="/app_data/")
    assert teacher.get(path).headers["Content-Type"].startswith("text/html")


SPOILT_FILES: dict[str, tuple[str, dict[str, Any], int, bytes]] = {
    "missing": ("status", {"status": 404, "html": True}, 404, b"<html>"),
    "another user's": ("status", {"status": 403, "html": True}, 403, b"<html>"),
    "a page": ("rubbish", {}, 200, b"<!doctype html>"),
    "broken": ("rubbish", {"form": "truncated"}, 200, b"PK"),
}


@pytest.mark.parametrize(("kind", "told", "status", "begins"), SPOILT_FILES.values(), ids=SPOILT_FILES)
def test_a_file_can_be_spoilt(teacher: Caller, kind: str, told: dict[str, Any], status: int, begins: bytes) -> None:
    path = teacher.made("Rome")["path"]
    teacher.demo.faults.add(kind, **told, path="/app_data/")
    answer = teacher.get(path)
    assert (answer.status_code, answer.content[: len(begins)]) == (status, begins)
    assert not zipfile.is_zipfile(io.BytesIO(answer.content))


def test_a_file_can_take_its_time(teacher: Caller) -> None:
    path = teacher.made("Rome")["path"]
    whole = teacher.get(path).content
    teacher.demo.faults.add("trickle", delay=600, times=1)
    assert teacher.get("/app_data/templates/general/static/thumbnail.png").ok
    assert teacher.demo.faults.standing(), "a picture that a worker fetches beside is no file of a deck"
    answer = teacher.get(path, stream=True)
    assert answer.headers["Content-Length"] == str(len(whole))
    teacher.demo.faults.clear()
    assert answer.content == whole


def test_no_call_exports_a_deck(teacher: Caller) -> None:
    deck_id = teacher.made("Rome")["presentation_id"]
    by_edit = (DECK + "edit", {"presentation_id": deck_id, "slides": [], "export_as": "pdf"})
    by_its_own = (f"{DECK}{deck_id}/export", {"export_as": "pdf"})
    teacher.demo.faults.add("no_export")
    assert [teacher.post(*call).json() for call in (by_edit, by_its_own)] == [
        {"detail": "Method Not Allowed"},
        {"detail": "Not Found"},
    ]
    assert teacher.get(DECK + deck_id).ok
    teacher.demo.faults.clear()
    assert [teacher.post(*call).status_code for call in (by_edit, by_its_own)] == [200, 200]


def test_decks_and_files_can_be_gone(teacher: Caller) -> None:
    made = teacher.made("Rome")
    assert teacher.get(made["path"]).ok
    teacher.demo.faults.add("forget_decks")
    assert teacher.get(DECK + made["presentation_id"]).json() == {"detail": "Presentation not found"}
    assert teacher.get(made["path"]).status_code == 404
    assert teacher.listed() == []
    assert teacher.get(teacher.made("Athens")["path"]).ok, "it goes on"


@pytest.mark.parametrize("path", [GENERATE, GENERATE_ASYNC])
def test_an_answer_can_be_lost_though_the_work_is_done(start: Start, path: str) -> None:
    teacher = start(seconds_per_slide=0.05)
    teacher.demo.faults.add("lose_answer", times=1)
    with pytest.raises(requests.ConnectionError):
        teacher.post(path, {"content": "Lost", "n_slides": 2})
    assert eventually(teacher.listed)[0]["content"] == "Lost"
    assert teacher.demo.generations_of("Lost") == 1


def test_an_answer_can_be_withheld_though_the_work_is_done(teacher: Caller) -> None:
    teacher.demo.faults.add("withhold", path="/generate")
    with ThreadPoolExecutor() as people:
        call = people.submit(Caller(teacher.demo).made, "Withheld")
        assert eventually(teacher.listed)[0]["content"] == "Withheld"
        assert not call.done()
        teacher.demo.faults.clear()
        assert call.result(10)["presentation_id"] == teacher.listed()[0]["id"]


def test_faults_in_python_are_checked_like_those_over_http(teacher: Caller) -> None:
    with pytest.raises(InvalidFault, match="kind: expected one of"):
        teacher.demo.faults.add("earthquake")
