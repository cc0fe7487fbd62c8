"""The agent's tool beyond the spec's snippets: links, waiting, what has ended, threads and forks."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

import pytest
from sqlalchemy import text

from presentations.agent import AsyncPresentationTool, Status, results, runtime
from presentations.agent.runtime import Lectern
from presentations.agent.tool import OVER
from presentations.database import Database
from presentations.database.models import Presentation
from presentations.errors import InvalidRequest, NotFound, Unavailable
from presentations.library import Library
from presentations.local import Backends
from tests.support.processes import ROOT, Process
from tests.support.waiting import eventually
from tests.worker.test_worker import ended

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def own(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The tool's own library is the test's."""
    monkeypatch.setattr(runtime, "_lectern", [Lectern(library, "http://slides.example", "https://lectern.example")])
    return library


def end(database: Database, asked: Presentation | str, status: str, **columns: Any) -> None:
    """Have a presentation end so."""
    presentation_id = asked if isinstance(asked, str) else str(asked.id)
    values = {"status": status, "queued_at": None, **columns}
    sets = ", ".join(f"{name} = :{name}" for name in values)
    with database.begin() as session:
        query = f"UPDATE presentation_jobs SET ended_at = now(), {sets} WHERE id = :id"
        session.execute(text(query), {"id": presentation_id, **values})


def test_a_status_has_links_progress_and_the_reason(own: Library, database: Database) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Photosynthesis", n_slides=4)["job_id"]
    waiting = tool.get_job_status(job_id)
    assert waiting.keys() == get_type_hints(Status).keys()
    assert (waiting["progress"], waiting["open_url"], waiting["file_url"], waiting["error"]) == (0, None, None, None)
    end(database, job_id, "complete", presenton_url="/presentation?id=d1", presenton_id="d1")
    made = tool.get_job_status(job_id)
    assert made["presenton_url"] == "/presentation?id=d1"
    assert made["open_url"] == "http://slides.example/presentation?id=d1"
    assert made["file_url"] == f"https://lectern.example/presentations/{job_id}/file"
    assert made["progress"] == 100
    assert made["ended_at"]
    end(database, job_id, "error", error="It took too long.")
    failed = tool.get_job_status(job_id)
    assert (failed["error"], failed["open_url"], failed["file_url"]) == ("It took too long.", None, None)
    assert [one["status"] for one in tool.list_presentations()] == ["error"]


def test_without_a_known_presenton_there_is_no_link_to_click(own: Library, database: Database) -> None:
    asked = own.create("alice", "Cells")
    end(database, asked, "complete", presenton_url="/presentation?id=d1")
    assert results.status(own.get("alice", asked.id), Lectern(own, "", "http://127.0.0.1:8000"))["open_url"] is None


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(None, None, 0), (0, 4, 0), (1, 4, 25), (4, 4, 99), (9, 4, 99), (2, None, 40)]
)
def test_progress_is_in_percent_and_100_only_when_complete(done: int | None, total: int | None, percent: int) -> None:
    presentation = Presentation(status="processing", slides_done=done, slides_total=total, n_slides=5)
    assert results._percent(presentation) == percent


def test_cancel_retry_and_subjects_are_the_librarys(own: Library, database: Database) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Cells")["job_id"]
    assert tool.cancel(job_id)["status"] == "cancelled"
    assert tool.retry(job_id)["status"] == "pending"
    end(database, job_id, "complete")
    assert tool.update_subject(job_id, "Cell Biology")["subject"] == "cell biology"
    assert tool.list_subjects() == [
        {"subject": "default", "name": "Unorganized", "count": 0},
        {"subject": "cell biology", "name": "Cell Biology", "count": 1},
    ]
    assert AsyncPresentationTool().list_subjects("alice") == tool.list_subjects()
    bob = AsyncPresentationTool(user_id="bob")
    for act in (bob.cancel, bob.retry, lambda one: bob.wait_for(one, 1)):
        with pytest.raises(NotFound):
            act(job_id)
    with pytest.raises(InvalidRequest, match="user_id"):
        bob.list_subjects("alice")
    with pytest.raises(InvalidRequest, match="user_id"):
        AsyncPresentationTool().list_subjects()


def test_wait_for_gives_it_once_it_is_over(own: Library, start_worker: Callable[..., Process]) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    job_id = tool.create_presentation_async("Photosynthesis", n_slides=50)["job_id"]
    seen: list[Status] = []
    start_worker()
    assert tool.wait_for(job_id, 60, seen.append)["status"] == "complete"
    assert seen[-1]["status"] == "complete"
    assert [one["status"] in OVER for one in seen[:-1]] == [False] * (len(seen) - 1)


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
    own.delete("alice", second.id)
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


def test_one_tool_serves_many_threads(own: Library) -> None:
    tool = AsyncPresentationTool(user_id="alice")
    start = threading.Barrier(16)

    def ask(n: int) -> str:
        start.wait(30)
        job_id = tool.create_presentation_async(f"Topic {n}")["job_id"]
        assert tool.get_job_status(job_id)["topic"] == f"Topic {n}"
        return job_id

    with ThreadPoolExecutor(16) as pool:
        asked = set(pool.map(ask, range(16)))
    assert len(asked) == 16
    assert {one["job_id"] for one in tool.list_presentations()} == asked


def python(environment: dict[str, str], script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PYTHONWARNINGS": "error", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


FIRST_USE_BY_MANY_THREADS = """
import threading
from async_presentation_tool import AsyncPresentationTool
tool, made = AsyncPresentationTool("alice"), []
threads = [threading.Thread(target=lambda: made.append(tool.create_presentation_async("Cells"))) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
from presentations.agent import runtime
print(len(made), len(runtime._lectern))
"""


def test_the_first_use_may_come_from_many_threads_at_once(environment: dict[str, str], library: Library) -> None:
    assert python(environment, FIRST_USE_BY_MANY_THREADS) == "12 1\n"
    assert len(library.list("alice").items) == 12


FORKED_IN_MID_USE = """
import json, os, threading, time, warnings
from async_presentation_tool import AsyncPresentationTool
from presentations.agent import runtime

tool = AsyncPresentationTool("alice")
job_id = tool.create_presentation_async("Of the parent")["job_id"]
stop = threading.Event()
def use():
    while not stop.is_set():
        assert tool.get_job_status(job_id)["topic"] == "Of the parent"
def hold():
    # As a thread that is making the Lectern of this process at the moment of the fork.
    with runtime._lock:
        held.set()
        stop.wait(30)
threads = [threading.Thread(target=use) for _ in range(4)]
for thread in threads: thread.start()
pids = []
held = threading.Event()
holder = threading.Thread(target=hold)
library = runtime.lectern().library
with library.database.begin() as session:
    session.connection().exec_driver_sql("SELECT 1")
    holder.start()
    held.wait(30)
    for n in range(4):
        with warnings.catch_warnings(action="ignore"):
            pid = os.fork()
        if pid == 0:
            status = 1
            try:
                made = tool.create_presentation_async(f"Of child {n}")["job_id"]
                assert tool.get_job_status(made)["topic"] == f"Of child {n}"
                assert tool.get_job_status(job_id)["topic"] == "Of the parent"
                status = 0
            finally:
                os._exit(status)
        pids.append(pid)
    ends = [os.waitpid(pid, 0)[1] for pid in pids]
    # The parent's open transaction goes on as if nothing had happened.
    assert session.connection().exec_driver_sql("SELECT 2").scalar() == 2
stop.set()
for thread in [*threads, holder]: thread.join()
print(json.dumps([ends, sorted(one["topic"] for one in tool.list_presentations())]))
"""


def test_a_fork_with_connections_in_use_harms_neither_side(environment: dict[str, str], library: Library) -> None:
    ends, topics = json.loads(python(environment, FORKED_IN_MID_USE))
    assert ends == [0, 0, 0, 0]
    assert topics == [*(f"Of child {n}" for n in range(4)), "Of the parent"]
    waiting = library.line.job_ids()
    assert len(waiting) == 2, "two places in line, each pushed once"


LIGHT = """
import sys
import async_presentation_tool, presentations.agent as agent
agent.tool_definitions("openai"), agent.AsyncPresentationTool("alice")
heavy = {"sqlalchemy", "psycopg2", "redis", "rq", "flask", "requests", "mcp", "presentations.local.embedded", "asyncio"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_an_import_loads_nothing_heavy_and_looks_at_no_setting(environment: dict[str, str]) -> None:
    assert python(environment | {"PORT": "not looked at yet"}, LIGHT) == "[]\n"
