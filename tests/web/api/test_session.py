"""The API as the pages' own script uses it: with a session instead of a token."""

from __future__ import annotations

from uuid import uuid4

from presentations.database.models import (
    CANCELLED,
)
from tests.support.programs import PROBLEM
from tests.web.desk import Desk


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
