"""The feed of what has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from presentations.database import Database
from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    ERROR,
    Presentation,
)
from presentations.library import Library, Outlines
from tests.support.presentations import outlined
from tests.support.programs import Program


def end(database: Database, job_id: str, status: str, minutes_ago: float = 0) -> None:
    time = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    with database.begin() as session:
        session.execute(
            update(Presentation).where(Presentation.id == job_id).values(status=status, ended_at=time, queued_at=None)
        )


def test_what_ended_is_told_once_in_order(rosa: Program, database: Database) -> None:
    ids = [rosa.create(f"Topic {n}") for n in range(4)]
    for number, (job_id, status) in enumerate(zip(ids, (COMPLETE, ERROR, CANCELLED), strict=False)):
        end(database, job_id, status, minutes_ago=10 - number)
    first = rosa("GET", "/events?limit=2").json or {}
    assert [event["event"] for event in first["items"]] == ["presentation.completed", "presentation.failed"]
    assert first["has_more"]
    second = rosa("GET", f"/events?after={first['next']}").json or {}
    assert [event["event"] for event in second["items"]] == ["presentation.cancelled"]
    nothing = rosa("GET", f"/events?after={second['next']}").json or {}
    assert nothing == {"items": [], "next": second["next"], "has_more": False}
    end(database, ids[3], COMPLETE)
    news = rosa.items(f"/events?after={second['next']}")
    assert [event["presentation"]["job_id"] for event in news] == [ids[3]]
    since = (datetime.now(UTC) - timedelta(minutes=9.5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(rosa.items(f"/events?since={since}")) == 3
    for odd in ("0883-04-04T19:32:00%2B17:26", "0001-01-01T00:00:00%2B17:26", "0001-01-01T00:00:00Z"):
        assert len(rosa.items(f"/events?since={odd}")) == 4


def test_an_outline_is_told_of_in_its_place_for_as_long_as_it_waits(rosa: Program, library: Library) -> None:
    rosa("POST", f"/presentations/{rosa.create('First')}/cancel")
    asked = outlined(library, "teacher", "Light")
    outlined(library, "colleague", "Water")
    rosa("POST", f"/presentations/{rosa.create('Last')}/cancel")
    told = rosa.items("/events")
    assert [(one["event"], one["presentation"]["topic"]) for one in told] == [
        ("presentation.cancelled", "First"),
        ("presentation.outlined", "Light"),
        ("presentation.cancelled", "Last"),
    ]
    assert told[1]["time"] == told[1]["presentation"]["awaits_teacher_since"]
    parts = [rosa("GET", "/events?limit=1").json or {}]
    while parts[-1]["has_more"]:
        parts.append(rosa("GET", f"/events?limit=1&after={parts[-1]['next']}").json or {})
    assert [one["items"] for one in parts] == [[one] for one in told]
    Outlines(library).accept("teacher", asked.id)
    assert [one["presentation"]["topic"] for one in rosa.items("/events")] == ["First", "Last"]


def test_end_that_is_committed_late_is_not_left_out(rosa: Program, database: Database) -> None:
    slow, quick = rosa.create("slow"), rosa.create("quick")
    with database.begin() as session:
        row = update(Presentation).where(Presentation.id == slow)
        session.execute(row.values(status=COMPLETE, ended_at=Presentation.created_at.expression, queued_at=None))
        rosa("POST", f"/presentations/{quick}/cancel")
        assert rosa.items("/events") == []
    assert [event["presentation"]["topic"] for event in rosa.items("/events")] == ["slow", "quick"]
