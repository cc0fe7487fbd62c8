"""Many presentations asked for at once: each taken or refused by itself, and none made twice."""

from __future__ import annotations

from typing import Any

from flask import Flask

from presentations.accounts import READ, Tokens
from presentations.database import Database
from presentations.library import Library
from presentations.operations import Controls
from tests.support.programs import Program, fields_of

CELLS, RAIN = {"topic": "Cells", "n_slides": 3, "subject": "Biology"}, {"topic": "Rain", "grade": "Grade 5"}


def statuses(answer: Any) -> list[int]:
    return [one["status"] for one in answer.json["items"]]


def test_each_is_taken_in_its_order(rosa: Program, library: Library) -> None:
    answer = rosa("POST", "/presentations/batch", {"items": [CELLS, RAIN]})
    assert (answer.status_code, statuses(answer)) == (202, [202, 202])
    first, second = (one["presentation"] for one in answer.json["items"])  # type: ignore[index]
    assert (first["topic"], first["subject"], second["topic"]) == ("Cells", "biology", "Rain")
    assert library.whole("teacher", second["job_id"]).grade == "Grade 5"
    assert rosa("GET", f"/presentations/{first['job_id']}").json == first | {"files": []}


def test_one_that_is_wrong_costs_no_other(rosa: Program, library: Library) -> None:
    items = [
        CELLS,
        {"n_slides": 99, "colour": "red"},
        None,
        RAIN | {"keep_wording": True},
        RAIN | {"user_id": "colleague"},
    ]
    answer = rosa("POST", "/presentations/batch", {"items": items})
    assert (answer.status_code, statuses(answer)) == (207, [202, 422, 422, 422, 422])
    fields = [[error["field"] for error in one.get("errors", [])] for one in answer.json["items"]]  # type: ignore[index]
    assert [sorted(names) for names in fields] == [
        [],
        ["colour", "n_slides"],
        ["body"],
        ["keep_wording"],
        ["user_id"],
    ]
    assert [one.topic for one in library.list("teacher").items] == ["Cells"]


def test_a_key_counts_for_each(rosa: Program, library: Library) -> None:
    first = rosa("POST", "/presentations/batch", {"items": [CELLS, {}, CELLS]}, Idempotency_Key="k1")
    again = rosa("POST", "/presentations/batch", {"items": [CELLS, RAIN, CELLS]}, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (207, 202)
    asked, corrected = first.json["items"], again.json["items"]  # type: ignore[index]
    assert [corrected[0], corrected[2]] == [asked[0], asked[2]]
    assert len(library.list("teacher").items) == 3
    assert (
        rosa("POST", "/presentations/batch", {"items": [CELLS, RAIN, CELLS]}, Idempotency_Key="k1").json == again.json
    )


def test_what_does_not_fit_is_refused_by_itself(rosa: Program, library: Library, database: Database) -> None:
    Controls(database, library.engine).set_max_waiting(3)
    answer = rosa("POST", "/presentations/batch", {"items": [RAIN] * 6})
    taken = statuses(answer).count(202)
    assert statuses(answer) == [202] * taken + [429] * (6 - taken)
    assert 3 <= taken < 6
    assert "which is the most" in answer.json["items"][-1]["errors"][0]["problem"]  # type: ignore[index]
    assert len(library.list("teacher").items) == taken


def test_each_may_have_its_webhook(rosa: Program) -> None:
    items = [RAIN | {"webhook_url": "https://8.8.8.8/hook"}, RAIN | {"webhook_url": "ftp://x"}]
    answer = rosa("POST", "/presentations/batch", {"items": items})
    assert answer.json["items"][0]["presentation"]["webhook_secret"]  # type: ignore[index]
    assert [error["field"] for error in answer.json["items"][1]["errors"]] == ["webhook_url"]  # type: ignore[index]


def test_there_are_1_to_50_for_who_may_write(rosa: Program, app: Flask, tokens: Tokens, service: Program) -> None:
    for items in ([], [CELLS] * 51, "Cells", None):
        assert fields_of(rosa("POST", "/presentations/batch", {"items": items})) == ["items"]
    reader = Program(app, tokens.make("teacher", "reader", (READ,))[1])
    assert reader("POST", "/presentations/batch", {"items": [CELLS]}).status_code == 403
    answer = service("POST", "/presentations/batch", {"items": [CELLS], "user_id": "colleague"})
    assert answer.json["items"][0]["presentation"]["user_id"] == "colleague"  # type: ignore[index]
