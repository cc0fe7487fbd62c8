"""Waiting for what was asked for, and hearing of all that has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from presentations.agent import AsyncPresentationTool, Status
from presentations.agent.calls import Result, steps
from presentations.agent.waiting import Look, ask_again_after
from presentations.database import Database
from presentations.errors import InvalidRequest, NotFound, Unavailable
from presentations.library import Library
from presentations.local import Backends
from tests.agent.ends import end
from tests.support.presentations import delete, ended, outlined, write
from tests.support.processes import Process
from tests.support.waiting import eventually

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def test_wait_for_gives_it_once_it_is_over(own: Library, start_worker: Callable[..., Process]) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Photosynthesis", n_slides=50)["job_id"]
    seen: list[Status] = []
    start_worker()
    assert tool.wait_for(job_id, 60, seen.append)["status"] == "complete"
    assert seen[-1]["status"] == "complete"
    assert [one["status"] in ("complete", "error", "cancelled") for one in seen[:-1]] == [False] * (len(seen) - 1)


def test_wait_for_ends_with_its_time(own: Library) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Photosynthesis")["job_id"]
    assert tool.wait_for(job_id, 0)["status"] == "pending"
    assert tool.wait_for(job_id, 0.3)["status"] == "pending"
    for timeout in (-1, float("nan"), "5", True, None):
        with pytest.raises(InvalidRequest, match="timeout"):
            tool.wait_for(job_id, timeout)  # type: ignore[arg-type]

    def leave(_: Status) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        tool.wait_for(job_id, 60, leave)


def test_a_wait_is_over_once_an_outline_waits(own: Library) -> None:
    job_id = str(outlined(own, "alice", "Light").id)
    assert AsyncPresentationTool(user_id="alice").wait_for(job_id, 60)["awaits_teacher_since"]
    _, last = steps("wait_for_presentation", {"job_id": job_id}, "alice")
    assert isinstance(last, Result)
    assert "outline waits for your word" in (last.content or {})["message"]
    assert "ask_again_after_seconds" not in (last.content or {})


@pytest.mark.parametrize("asked", [{}, {"timeout": 1}, {"timeout": 59}, {"timeout": 1800}])
def test_a_models_wait_is_answered_well_before_a_minute_with_when_to_ask_again(
    own: Library, monkeypatch: pytest.MonkeyPatch, asked: dict[str, int]
) -> None:
    job_id, clock = str(own.create("alice", "Photosynthesis").id), [0.0]
    monkeypatch.setattr("presentations.agent.waiting.time", SimpleNamespace(monotonic=lambda: clock[0]))
    *waited, last = _slept(steps("wait_for_presentation", {"job_id": job_id, **asked}, "alice"), clock)
    assert clock[0] == min(asked.get("timeout", 20), 40)
    assert isinstance(last, Result)
    answer = last.content or {}
    assert answer["status"] == "pending"
    assert answer["ask_again_after_seconds"] == 60
    assert "go on without it, and ask again with get_presentation in 60 seconds" in answer["message"]
    assert len(waited) > 3


def _slept(taken: Iterator[Look | Result], clock: list[float]) -> Iterator[Look | Result]:
    for step in taken:
        clock[0] += step.pause if isinstance(step, Look) else 0
        yield step


def test_when_to_ask_again_is_when_it_should_be_over(own: Library, database: Database) -> None:
    running = own.create("alice", "Photosynthesis", 10)
    begun = datetime.now(UTC)
    write(database, running, status="processing", lease_owner=uuid4(), started_at=begun)
    assert ask_again_after("alice", str(running.id)) == 60, "nothing was made yet to tell by"
    for seconds, least, most in ((2, 30, 30), (2000, 300, 300), (200, 60, 200)):
        _made_in(database, seconds)
        assert least <= ask_again_after("alice", str(running.id)) <= most
    with pytest.raises(NotFound):
        ask_again_after("bob", str(running.id))


def _made_in(database: Database, seconds: int) -> None:
    """Bob's three newest, of ten slides, took so long; earlier ones are gone."""
    with database.begin() as session:
        session.execute(text("DELETE FROM presentation_jobs WHERE user_id = 'bob'"))
        query = (
            "INSERT INTO presentation_jobs (user_id, topic, n_slides, status, started_at, completed_at, ended_at) "
            "SELECT 'bob', 'Topic', 10, 'complete', now() - :seconds * interval '1 second', now(), now() "
            "FROM generate_series(1, 3)"
        )
        session.execute(text(query), {"seconds": seconds})


def test_wait_for_outlasts_a_database_that_is_away_for_a_while(own: Library, database: Database) -> None:
    asked = own.create("alice", "Photosynthesis")
    tool = AsyncPresentationTool(user_id="alice")
    looks = []

    def rename(old: str, new: str) -> None:
        with database.begin() as session:
            session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    def told(status: Status) -> None:
        looks.append(status)
        if len(looks) == 1:
            rename("presentation_jobs", "presentation_gone")
        if len(looks) == 3:
            rename("presentation_gone", "presentation_jobs")
            own.cancel("alice", asked.id)

    assert tool.wait_for(str(asked.id), 60, told)["status"] == "cancelled"
    with database.begin() as session:
        session.execute(text("ALTER TABLE presentation_jobs RENAME TO presentation_gone"))
    with pytest.raises(Unavailable):
        tool.wait_for(str(asked.id), 60)


def test_finished_since_gives_each_once_in_order_and_only_ones_own(own: Library, database: Database) -> None:
    alice, service = AsyncPresentationTool(user_id="alice"), AsyncPresentationTool()
    first, second, waiting, failed = (own.create("alice", topic) for topic in ("One", "Two", "Three", "Four"))
    of_bob = own.create("bob", "Five")
    assert alice.finished_since(None, LONG_AGO) == []
    end(database, second, "complete")
    end(database, first, "complete")
    own.cancel("bob", of_bob.id)
    found = alice.finished_since("alice", LONG_AGO.isoformat())
    assert [one["topic"] for one in found] == ["Two", "One"]
    since = found[-1]["ended_at"]
    assert since
    assert alice.finished_since("alice", since) == []
    end(database, failed, "error", error="No.")
    delete(own, "alice", second.id)
    assert [(one["topic"], one["error"]) for one in alice.finished_since(None, since)] == [("Four", "No.")]
    assert [one["topic"] for one in service.finished_since(None, LONG_AGO)] == ["One", "Five", "Four"]
    assert [one["topic"] for one in service.finished_since("bob", LONG_AGO)] == ["Five"]
    with pytest.raises(InvalidRequest, match="user_id"):
        alice.finished_since("bob", LONG_AGO)
    assert own.get("alice", waiting.id).status == "pending"


@pytest.mark.parametrize("since", ["yesterday", "2026-11-23T10:00:00", datetime(2026, 11, 23), None, 5])  # noqa: DTZ001
def test_since_needs_an_offset(own: Library, since: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"since: expected a time with an offset"):
        AsyncPresentationTool().finished_since("alice", since)


def test_more_than_a_hundred_come_in_parts_and_none_is_left_out(own: Library, database: Database) -> None:
    with database.begin() as session:
        # Seven at each moment: a part must not end between two that cannot be told apart.
        session.execute(
            text(
                "INSERT INTO presentation_jobs (user_id, topic, status, ended_at) SELECT 'alice', 'Topic ' || n, "
                "'complete', now() - interval '1 hour' + n / 7 * interval '1 second' FROM generate_series(1, 250) AS n"
            )
        )
    tool, since, seen = AsyncPresentationTool(user_id="alice"), LONG_AGO.isoformat(), []
    while part := tool.finished_since(None, since):
        seen += [one["topic"] for one in part]
        since = part[-1]["ended_at"] or ""
    assert sorted(seen) == sorted(f"Topic {n}" for n in range(1, 251))
    since, again = LONG_AGO.isoformat(), []
    while (news := tool.news_since(None, since))["ended"]:
        again += [one["topic"] for one in news["ended"]]
        since = news["next_since"]
    assert again == seen


def test_what_is_being_ended_is_not_overtaken(own: Library, database: Database, backends: Backends) -> None:
    """One that began to end first and is committed last must not be passed by the `since` of another."""
    slow, quick = own.create("alice", "Slow"), own.create("alice", "Quick")
    tool = AsyncPresentationTool(user_id="alice")
    other = Database.at(backends.database_url)
    with other.begin() as session:
        session.execute(text("SELECT now()"))
        end(database, quick, "complete")
        assert tool.finished_since(None, LONG_AGO) == []
        session.execute(
            text("UPDATE presentation_jobs SET status = 'complete', queued_at = NULL, ended_at = now() WHERE id = :id"),
            {"id": slow.id},
        )
    assert [one["topic"] for one in tool.finished_since(None, LONG_AGO)] == ["Slow", "Quick"]
    other.engine.dispose()


def test_an_agent_learns_of_what_a_worker_has_made(own: Library, start_worker: Callable[..., Process]) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    since = datetime.now(UTC) - timedelta(minutes=1)
    start_worker()
    asked = {tool.create_presentation_async(f"Topic {n}", n_slides=2)["job_id"] for n in range(3)}
    ended(own, *(own.get("alice", job_id) for job_id in asked))
    found = eventually(lambda: tool.finished_since(None, since))
    assert {one["job_id"] for one in found} == asked
    assert all(one["open_url"] for one in found)
