"""Presentations and subjects, as programs use them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from presentations.database import Database
from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    ERROR,
    PENDING,
    UNORGANIZED,
    FirstAnswer,
    Presentation,
)
from presentations.library import Library
from presentations.web.api.waiting import Waits
from tests.support.presentations import outlined
from tests.support.programs import PROBLEM, Program, fields_of
from tests.support.refusals import says_what_to_do
from tests.support.waiting import eventually


def end(database: Database, job_id: str, status: str, minutes_ago: float = 0) -> None:
    time = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    with database.begin() as session:
        session.execute(
            update(Presentation).where(Presentation.id == job_id).values(status=status, ended_at=time, queued_at=None)
        )


def test_presentation_from_asking_to_deleting(rosa: Program) -> None:
    asked = rosa("POST", "/presentations", {"topic": "Cells", "n_slides": 3, "subject": "Biology", "tone": "funny"})
    assert asked.status_code == 202
    where = asked.headers["Location"].removeprefix("/api")
    seen = rosa("GET", where)
    assert seen.json == dict(asked.json or {}, files=[])
    assert seen.json["subject"] == "biology"
    assert rosa("GET", where, If_None_Match=seen.headers["ETag"]).status_code == 304
    changed = rosa("PATCH", where, {"title": "Cells, again", "subject": UNORGANIZED})
    assert (changed.json["title"], changed.json["subject"]) == ("Cells, again", UNORGANIZED)  # type: ignore[index]
    assert rosa("POST", f"{where}/cancel").json["status"] == CANCELLED  # type: ignore[index]
    assert rosa("POST", f"{where}/retry").json["status"] == PENDING  # type: ignore[index]
    assert rosa("DELETE", where).status_code == 204
    assert rosa("GET", where).status_code == 404


def test_list_comes_page_by_page_and_by_what_is_wanted(rosa: Program, database: Database, library: Library) -> None:
    ids = [rosa.create(f"Topic {n}", subject="Biology" if n % 2 else None) for n in range(5)]
    library.create("colleague", "Secret plans")
    end(database, ids[0], COMPLETE)
    end(database, ids[1], ERROR)
    first = rosa("GET", "/presentations?limit=3").json or {}
    second = rosa("GET", f"/presentations?limit=3&after={first['next']}").json or {}
    assert [row["job_id"] for row in first["items"] + second["items"]] == ids[::-1]
    assert second["next"] is None
    assert len(rosa.items("/presentations?status=complete&status=error")) == 2
    assert len(rosa.items("/presentations?subject=BIOLOGY")) == 2
    assert [row["topic"] for row in rosa.items("/presentations?text=topic%203")] == ["Topic 3"]
    since = rosa.items("/presentations")[2]["created_at"].replace("+", "%2B")
    assert len(rosa.items(f"/presentations?since={since}")) == 3


def test_list_is_narrowed_to_a_grade(rosa: Program, library: Library) -> None:
    for topic, grade in (("Cells", "Grade 9"), ("Mitosis", "GRADE 9"), ("Fractions", "Grade 99"), ("Rome", None)):
        rosa.create(topic, grade=grade)
    library.create("colleague", "Secret plans", grade="Grade 9")

    def topics(query: str) -> list[str]:
        return [row["topic"] for row in rosa.items(f"/presentations?{query}")]

    assert topics("grade=grade%209") == ["Mitosis", "Cells"]
    assert topics("grade=Grade+9&text=cells") == ["Cells"]
    assert topics("grade=Grade+7") == []
    assert topics("grade=") == topics("") == ["Rome", "Fractions", "Mitosis", "Cells"]
    first = rosa("GET", "/presentations?grade=Grade+9&limit=1").json or {}
    assert topics(f"grade=Grade+9&limit=1&after={first['next']}") == ["Cells"]
    assert fields_of(rosa("GET", f"/presentations?grade={'x' * 61}")) == ["grade"]


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, ["topic"]),
        ({"topic": " "}, ["topic"]),
        ({"topic": "x", "n_slides": 51, "colour": "red"}, ["n_slides", "colour"]),
        ({"topic": "x", "n_slides": "5"}, ["n_slides"]),
        ({"topic": "x", "n_slides": True}, ["n_slides"]),
        ({"topic": "x", "n_slides": float("nan")}, ["n_slides"]),
        ({"topic": "x", "n_slides": float("inf")}, ["n_slides"]),
        ({"topic": "\ud800"}, ["topic"]),
        ([], ["body"]),
        (None, ["body"]),
    ],
)
def test_fields_that_cannot_be_used_are_named(rosa: Program, sent: Any, fields: list[str]) -> None:
    if sent is None:
        answer = rosa._client.post(
            "/api/presentations", data="null", headers=rosa._headers | {"Content-Type": "application/json"}
        )
    else:
        answer = rosa("POST", "/presentations", sent)
    assert sorted(fields_of(answer)) == sorted(fields)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/presentations?colour=red", "colour"),
        ("/presentations?limit=1_0", "limit"),
        ("/presentations?after=x", "after"),
        ("/presentations?since=2026-11-23T10:00:00", "since"),
        ("/subjects?limit=1", "limit"),
        ("/events?wait=1", "wait"),
    ],
)
def test_parameters_that_cannot_be_used_are_named(rosa: Program, path: str, field: str) -> None:
    assert fields_of(rosa("GET", path)) == [field]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        ("topic=x", "application/x-www-form-urlencoded", 415),
        ('"' + "x" * 1024 * 1024 + '"', "application/json", 413),
    ],
)
def test_body_that_is_no_json_is_refused(rosa: Program, data: str | bytes, kind: str, status: int) -> None:
    headers = rosa._headers | {"Content-Type": kind}
    answer = rosa._client.post("/api/presentations", data=data, headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)


def test_wait_answers_as_soon_as_the_status_changes(app: Flask, rosa: Program, library: Library) -> None:
    job_id = rosa.create()
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(rosa("GET", f"/presentations/{job_id}?wait=30").json))
    asking.start()
    waits: Waits = app.extensions["waits"]
    eventually(lambda: waits._slots._value == 3)
    library.cancel("teacher", job_id)
    asking.join(30)
    assert [answer["status"] for answer in answers] == [CANCELLED]
    assert waits._slots._value == 4
    assert rosa("GET", f"/presentations/{job_id}?wait=30").json == answers[0]  # over: there is nothing to wait for


def test_wait_is_over_once_an_outline_waits(rosa: Program, library: Library) -> None:
    job_id = outlined(library, "teacher", "Light").id
    answer: Any = rosa("GET", f"/presentations/{job_id}?wait=30").json
    assert answer["status"] == "pending"
    assert answer["awaits_teacher_since"]
    library.cancel("teacher", job_id)
    answer = rosa("GET", f"/presentations/{job_id}").json
    assert answer["awaits_teacher_since"] is None


def test_waits_take_no_more_than_half_of_the_threads(app: Flask, rosa: Program) -> None:
    job_id = rosa.create()
    waits: Waits = app.extensions["waits"]
    for _ in range(4):
        assert waits._slots.acquire(blocking=False)
    assert rosa("GET", f"/presentations/{job_id}?wait=30").status_code == 200


def test_same_key_gets_the_first_answer_and_no_second_presentation(rosa: Program) -> None:
    sent = {"topic": "Cells", "n_slides": 3}
    first = rosa("POST", "/presentations", sent, Idempotency_Key="k1")
    again = rosa("POST", "/presentations", dict(reversed(sent.items())), Idempotency_Key="k1")
    assert (again.status_code, again.json, again.headers["Location"]) == (202, first.json, first.headers["Location"])
    assert len(rosa.items("/presentations")) == 1
    assert fields_of(rosa("POST", "/presentations", {"topic": "Leaves"}, Idempotency_Key="k1")) == ["Idempotency-Key"]
    assert fields_of(rosa("POST", "/presentations", sent, Idempotency_Key="k 1")) == ["Idempotency-Key"]


def test_key_of_what_was_refused_can_be_used_again(rosa: Program) -> None:
    assert fields_of(rosa("POST", "/presentations", {"topic": " "}, Idempotency_Key="k1")) == ["topic"]
    assert rosa("POST", "/presentations", {"topic": "Cells"}, Idempotency_Key="k1").status_code == 202


def test_request_that_died_with_its_key_is_answered_when_sent_again(rosa: Program, database: Database) -> None:
    first = rosa("POST", "/presentations", {"topic": "Cells"}, Idempotency_Key="k1")
    with database.begin() as session:
        session.execute(update(FirstAnswer).values(status=None))
    under_way = rosa("POST", "/presentations", {"topic": "Cells"}, Idempotency_Key="k1")
    assert (under_way.status_code, under_way.headers["Retry-After"]) == (409, "1")
    with database.begin() as session:
        session.execute(update(FirstAnswer).values(began_at=datetime.now(UTC) - timedelta(minutes=2)))
    again = rosa("POST", "/presentations", {"topic": "Cells"}, Idempotency_Key="k1")
    assert (again.status_code, again.json) == (202, first.json)


@pytest.mark.parametrize(
    ("method", "path", "sent", "said"),
    [
        ("POST", "/presentations", {}, "topic: Is missing: give it, or a text or a file"),
        ("POST", "/presentations", {"topic": None}, "topic: Expected a value, got null."),
        ("POST", "/presentations", {"topic": 7}, "topic: Expected a valid string, got 7."),
        ("POST", "/presentations", {"topic": "x", "n_slides": 99}, "less than or equal to 50, got 99."),
        ("POST", "/presentations", {"topic": "x", "n_slides": "9"}, "n_slides: Expected a valid integer, got '9'."),
        (
            "POST",
            "/webhooks",
            {"url": "https://x.example", "all_users": 1},
            "all_users: Expected a valid boolean, got 1.",
        ),
        ("POST", "/presentations", {"topic": "x", "tone": "odd"}, ", got 'odd'."),
        ("POST", "/presentations", {"topic": "x", "colour": 1}, "colour: Unknown field: leave it out."),
        ("POST", "/presentations", {"topic": " "}, "topic: expected some text, got nothing"),
        ("POST", "/presentations", {"topic": "x" * 501}, "topic: expected at most 500 characters, got 501"),
        (
            "POST",
            "/presentations",
            {"topic": "\u0301"},
            "topic: expected some text, got only characters that show nothing",
        ),
        (
            "POST",
            "/presentations",
            {"topic": "x", "export_as": "odp"},
            "export_as: Must be one of: pptx, pdf, or null, got 'odp'.",
        ),
        (
            "POST",
            "/presentations",
            {"topic": "x", "webhook_url": "https://x.example/a b"},
            "webhook_url: holds characters that a URL cannot have: write them encoded, a space as %20",
        ),
        ("POST", "/presentations", [1], "body: Expected an object, got [1]."),
        ("POST", "/presentations/move", {"ids": ["x"], "subject": "y"}, "ids.0: Expected a valid UUID, got 'x'."),
        ("POST", "/presentations/move", {"ids": [], "subject": "y"}, "ids: expected 1 to 500 presentations, got 0"),
        ("POST", "/webhooks", {"url": "x"}, "url: expected a URL that starts with https:// or http://, got 'x'"),
        ("GET", "/presentations?limit=0", None, "less than or equal to 200, got '0'."),
        ("GET", "/presentations?status=done", None, "status.0: Must be one of: "),
        ("GET", "/presentations?status=done", None, ", got 'done'."),
        ("GET", "/presentations?status=complete&status=done", None, "status.1: Must be one of: "),
        ("GET", "/presentations?status=complete&status=done", None, ", got 'done'."),
        ("GET", "/presentations?after=zzz", None, "after: expected nothing, or the `next` of an earlier answer, got"),
        ("GET", "/presentations?after=zzz", None, ", got 'zzz'."),
        ("GET", "/events?since=now", None, "since: Expected a time with its offset, such as 2026-"),
        ("GET", "/presentations?colour=x", None, "colour: Unknown parameter: expected one of after, "),
        ("GET", "/presentations?since=x", None, "+00:00, got 'x'."),
    ],
)
def test_what_is_wrong_is_said_with_the_value_and_what_is_expected(
    rosa: Program, method: str, path: str, sent: object, said: str
) -> None:
    answer = rosa(method, path, sent)
    assert fields_of(answer)
    problems = answer.json or {}
    assert said in problems["detail"]
    assert all(says_what_to_do(error["problem"]) for error in problems["errors"])


def test_of_what_is_wrong_the_first_is_said(rosa: Program) -> None:
    answer = rosa("POST", "/presentations/move", {"ids": ["x"] * 100_000, "subject": "Mine"})
    assert answer.status_code == 422
    assert len(fields_of(answer)) == 20
    assert len(answer.data) < 10_000


def test_many_are_moved_or_none(rosa: Program, library: Library) -> None:
    ids = [rosa.create(), rosa.create()]
    theirs = str(library.create("colleague", "Secret plans").id)
    assert rosa("POST", "/presentations/move", {"ids": [*ids, theirs], "subject": "Biology"}).status_code == 404
    assert rosa.items("/presentations?subject=biology") == []
    moved = rosa("POST", "/presentations/move", {"ids": ids, "subject": "Biology"})
    assert (moved.json["count"], moved.json["subject"]) == (2, "Biology")  # type: ignore[index]
    assert len(rosa.items("/presentations?subject=biology")) == 2
    assert fields_of(rosa("POST", "/presentations/move", {"ids": [ids[0], "x"], "subject": "Biology"})) == ["ids.1"]


def test_subjects_are_made_renamed_and_deleted(rosa: Program) -> None:
    made = rosa("POST", "/subjects", {"name": "Art / Music"})
    assert (made.status_code, made.json) == (201, {"key": "art / music", "name": "Art / Music", "count": 0})
    where = made.headers["Location"].removeprefix("/api")
    assert rosa("PATCH", where, {"name": "Arts"}).json == {"key": "arts", "name": "Arts", "count": 0}
    assert [subject["name"] for subject in rosa.items("/subjects")] == ["Unorganized", "Arts"]
    assert fields_of(rosa("PATCH", "/subjects/arts", {"name": "default"})) == ["name"]
    assert rosa("DELETE", "/subjects/Arts").status_code == 204
    assert rosa("DELETE", "/subjects/Arts").status_code == 404


def test_a_deletion_and_a_move_are_undone_once(rosa: Program) -> None:
    where = f"/presentations/{rosa.create()}"
    undo = rosa("DELETE", where).headers["X-Undo"].removeprefix("/api")
    assert rosa("GET", where).status_code == 404
    said = "Undone. “\u2068Cells\u2069” is back, and waits again."
    assert rosa("POST", undo).json == {"count": 1, "left": [], "message": said}
    assert rosa("GET", where).json["status"] == PENDING  # type: ignore[index]
    moved = rosa("POST", "/presentations/move", {"ids": [where.rpartition("/")[2]], "subject": "Biology"}).json
    undo = moved["undo"].removeprefix("/api")  # type: ignore[index]
    assert rosa("POST", undo).json["count"] == 1  # type: ignore[index]
    assert rosa("GET", where).json["subject"] == UNORGANIZED  # type: ignore[index]
    again = rosa("POST", undo)
    assert (again.status_code, "can no longer be undone" in again.text) == (404, True)


def test_what_undoing_leaves_is_named(rosa: Program) -> None:
    one = rosa.create()
    moved = rosa("POST", "/presentations/move", {"ids": [one], "subject": "Biology"}).json
    rosa("POST", "/presentations/move", {"ids": [one], "subject": "Botany"})
    undone = rosa("POST", moved["undo"].removeprefix("/api")).json  # type: ignore[index]
    assert undone == {
        "count": 0,
        "left": [{"presentation": one, "name": "Cells", "why": "moved"}],
        "message": "Undone in part. The subject \u2068Biology\u2069 is gone again. “\u2068Cells\u2069” stays in "
        "\u2068Botany\u2069, where it was put since.",
    }
