"""Real workers, real kills: what was asked for ends, and Presenton is not asked again for what it is making."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psutil
import pytest
from redis import Redis
from rq import SimpleWorker
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy import text

from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.local import Backends
from tests.support.presentations import ended, in_mid_generation, status_of
from tests.support.processes import Process
from tests.support.waiting import eventually

StartWorker = Callable[..., Process]


def test_what_is_asked_for_is_made(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    worker = start_worker()
    asked = library.create("alice", "Photosynthesis", 3)
    made = ended(library, asked)[0]
    assert made.status == "complete"
    assert made.presenton_url == f"/presentation?id={made.presenton_id}"
    assert made.presenton_path
    assert made.presenton_path.endswith(".pptx")
    assert (made.slides_done, made.slides_total, made.message, made.error) == (3, 3, None, None)
    assert made.completed_at
    assert made.started_at
    assert made.completed_at > made.started_at
    assert demo.requests_of("Photosynthesis") == 1
    assert worker.lines("queue presentations", "4 threads")
    worker.wait_for(str(asked.id), "complete")
    assert len(worker.lines(str(asked.id))) == 3, worker.log
    assert worker.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_stops_at_once(start_worker: StartWorker, backends: Backends, number: signal.Signals) -> None:
    worker = start_worker()
    redis = Redis.from_url(backends.redis_url)
    eventually(lambda: len(redis.smembers("rq:workers:presentations")) == 4)
    eventually(lambda: len(redis.smembers("rq:workers:webhooks")) == 2)
    assert worker.stop(number) == 0
    assert redis.smembers("rq:workers") == set()


def test_kill_9_in_mid_generation(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    worker = start_worker()
    asked = library.create("alice", "Photosynthesis", 40)
    task_id = in_mid_generation(library, asked).presenton_task_id
    worker.kill()
    assert status_of(library, asked) == "processing"
    following = start_worker()
    following.wait_for(str(asked.id), "its worker is gone")
    following.wait_for(str(asked.id), "taken up again")
    assert library.get(None, asked.id).presenton_task_id in (task_id, None)
    made = ended(library, asked)[0]
    assert (made.status, made.attempts) == ("complete", 1)
    assert demo.requests_of("Photosynthesis") == 1


def test_sigterm_in_mid_generation(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    worker = start_worker()
    asked = [library.create(user, f"Topic of {user}", 40) for user in ("alice", "bob", "carol")]
    for one in asked:
        in_mid_generation(library, one)
    assert worker.stop() == 0
    # It did not wait for them; benchmarks/measures/stop.py says how quick that is.
    assert {status_of(library, one) for one in asked} == {"pending"}
    start_worker()
    assert {one.status for one in ended(library, *asked)} == {"complete"}
    assert [demo.requests_of(f"Topic of {user}") for user in ("alice", "bob", "carol")] == [1, 1, 1]
    assert {one.claims for one in ended(library, *asked)} <= {0, 1}


def test_an_emptied_redis_loses_nobodys_place(library: Library, start_worker: StartWorker, backends: Backends) -> None:
    start_worker(WORKER_THREADS="2")
    asked = [library.create(user, f"{user} {n}", 10) for user in ("alice", "bob", "carol") for n in range(4)]
    in_mid_generation(library, asked[0])
    Redis.from_url(backends.redis_url).flushdb()
    assert {one.status for one in ended(library, *asked)} == {"complete"}


def test_what_waits_while_no_worker_runs_survives_an_emptied_redis(
    library: Library, start_worker: StartWorker, backends: Backends
) -> None:
    asked = [library.create("alice", f"Topic {n}", 1) for n in range(3)]
    Redis.from_url(backends.redis_url).flushdb()
    start_worker()
    assert {one.status for one in ended(library, *asked)} == {"complete"}


def test_one_greedy_teacher_does_not_starve_the_others(library: Library, start_worker: StartWorker) -> None:
    start_worker(WORKER_THREADS="1")
    of_alice = [library.create("alice", f"Topic {n}", 5) for n in range(10)]
    eventually(lambda: any(status_of(library, one) == "processing" for one in of_alice))
    of_bob = library.create("bob", "Photosynthesis", 5)
    everything = ended(library, of_bob, *of_alice)
    started = sorted(everything, key=lambda one: one.started_at or one.created_at)
    assert [one.id for one in started].index(of_bob.id) <= 2
    assert [one.id for one in started if one.user_id == "alice"] == [one.id for one in of_alice]


def test_cancelled_stays_cancelled(library: Library, demo: DemoPresenton, start_worker: StartWorker) -> None:
    worker = start_worker(WORKER_THREADS="1")
    asked = library.create("alice", "Photosynthesis", 40)
    in_mid_generation(library, asked)
    library.cancel("alice", asked.id)
    following = library.create("bob", "Cells", 1)
    worker.wait_for(str(asked.id), "its thread stays taken")
    assert status_of(library, following) == "pending"
    ended(library, following)
    cancelled = library.get(None, asked.id)
    assert (cancelled.status, cancelled.presenton_url, cancelled.completed_at) == ("cancelled", None, None)
    assert demo.most_at_once == 1


def test_a_retry_takes_up_the_task_of_a_cancelled_one(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    start_worker()
    asked = library.create("alice", "Photosynthesis", 40)
    task_id = in_mid_generation(library, asked).presenton_task_id
    library.cancel("alice", asked.id)
    again = library.retry("alice", asked.id)
    assert again.presenton_task_id == task_id
    assert ended(library, asked)[0].status == "complete"
    assert demo.requests_of("Photosynthesis") == 1


def test_cancelled_while_waiting_is_never_started(
    library: Library, demo: DemoPresenton, start_worker: StartWorker
) -> None:
    asked = library.create("alice", "Photosynthesis", 1)
    library.cancel("alice", asked.id)
    start_worker()
    ended(library, library.create("bob", "Cells", 1))
    assert status_of(library, asked) == "cancelled"
    assert demo.requests_of("Photosynthesis") == 0


def test_what_fails_is_shown_to_admins_without_anybodys_words(
    library: Library, start_worker: StartWorker, backends: Backends
) -> None:
    start_worker()
    asked = library.create("alice", "<script>alert(1)</script> [[fail=2]]", 3)
    failed = ended(library, asked)[0]
    assert failed.status == "error"
    assert failed.error
    assert "Trying again later usually helps" in failed.error
    assert failed.error_detail
    redis = Redis.from_url(backends.redis_url)
    registry = FailedJobRegistry("presentations", connection=redis, serializer=JSONSerializer)
    job_id = eventually(lambda: registry.get_job_ids(cleanup=False))[0]
    job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    shown = f"{job.description} {job.latest_result().exc_string} {job.args}"  # type: ignore[union-attr]
    assert job_id == f"{asked.id}_1"
    assert "The presentation was not made" in shown
    assert "script" not in shown
    assert failed.error_detail not in shown


def test_what_breaks_a_job_off_is_logged_without_anybodys_words(
    library: Library, database: Database, start_worker: StartWorker, backends: Backends
) -> None:
    with database.begin() as session:  # any unforeseen error: here a rule that is stricter than the code
        session.execute(text("ALTER TABLE presentation_jobs ADD CHECK (error_detail IS NULL)"))
    library.create("alice", "Photosynthesis", template="<script>")
    worker = start_worker(WORKER_THREADS="1")
    line = worker.wait_for("broke off")
    redis = Redis.from_url(backends.redis_url)
    registry = FailedJobRegistry("presentations", connection=redis, serializer=JSONSerializer)
    job_id = eventually(lambda: registry.get_job_ids(cleanup=False))[0]
    job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    assert "was not made" in (job.latest_result().exc_string or "")  # type: ignore[union-attr]
    assert job_id in line


def test_a_worker_that_was_frozen_goes_on(library: Library, start_worker: StartWorker) -> None:
    worker = start_worker()
    asked = library.create("alice", "Photosynthesis", 40)
    in_mid_generation(library, asked)
    worker.send(signal.SIGSTOP)
    eventually(lambda: psutil.Process(worker.popen.pid).status() == psutil.STATUS_STOPPED)
    expired = text("SELECT count(*) FROM presentation_jobs WHERE lease_until < now()")

    def is_expired() -> bool:
        with library.database.begin() as session:
            return bool(session.scalar(expired))

    eventually(is_expired)
    worker.send(signal.SIGCONT)
    assert ended(library, asked)[0].status == "complete"
    assert worker.popen.poll() is None
    assert worker.stop() == 0


def test_rq_dashboard_sees_each_generation_as_a_started_job(
    library: Library, start_worker: StartWorker, backends: Backends
) -> None:
    start_worker()
    redis = Redis.from_url(backends.redis_url)
    registry = StartedJobRegistry("presentations", connection=redis, serializer=JSONSerializer)
    asked = library.create("alice", "Photosynthesis", 40)
    in_mid_generation(library, asked)
    assert [UUID(job_id.split("_")[0]) for job_id in registry.get_job_ids(cleanup=False)] == [asked.id]
    busy = [w for w in SimpleWorker.all(connection=redis, serializer=JSONSerializer) if w.get_state() == "busy"]
    assert [worker.get_current_job_id() for worker in busy] == [f"{asked.id}_1"]


def test_a_job_that_is_not_ours_is_thrown_away_unread(
    library: Library, start_worker: StartWorker, backends: Backends
) -> None:
    from rq import Queue

    redis = Redis.from_url(backends.redis_url)
    stranger = Queue("presentations", connection=redis).enqueue("os.abort")  # pickled, as RQ does by itself
    worker = start_worker(WORKER_THREADS="1")
    worker.wait_for(stranger.id, "thrown away")
    assert not Job.exists(stranger.id, redis)
    assert ended(library, library.create("alice", "Photosynthesis", 1))[0].status == "complete"


def test_a_job_that_cannot_be_read_costs_nothing_but_itself(
    library: Library, start_worker: StartWorker, backends: Backends
) -> None:
    redis = Redis.from_url(backends.redis_url)
    row, line = "00000000-0000-4000-8000-00000000000", "rq:queue:presentations"
    data = f'["presentations.generation.make_presentation", null, ["{row}1"], {{}}]'
    ours: dict[Any, Any] = {"data": data, "origin": "presentations", "created_at": "2026-01-01T00:00:00.000000Z"}
    for name, value in BROKEN:
        redis.hset(f"rq:job:bad-{name}", mapping=ours | {name: value})
        redis.rpush(line, f"bad-{name}")
    redis.set("rq:job:text", "x")
    redis.rpush(line, b"\xff\x1b[2J", "text", "gone", "../../x")
    # Like ours, but it names what RQ would import and call, and whom it would tell; and one that speaks of another row.
    more = {"success_callback_name": "os.abort", "webhooks": '[{"url": "http://127.0.0.1:9/"}]', "repeats_left": 9}
    redis.hset(f"rq:job:{row}1_1", mapping=ours | more)
    redis.hset(f"rq:job:{row}2_1", mapping=ours)
    redis.rpush(line, f"{row}1_1", f"{row}2_1")
    strange: dict[Any, float] = {b"\xff": 1, "no-colon": 1}
    for registry in ("wip", "failed", "finished"):
        redis.zadd(f"rq:{registry}:presentations", strange)
    redis.sadd("rq:workers:presentations", b"\xff")
    worker = start_worker(WORKER_THREADS="1")
    assert ended(library, library.create("alice", "Photosynthesis", 1))[0].status == "complete"
    assert len(worker.lines("thrown away")) == len(BROKEN) + 4, worker.log
    for said in ("is started again", "Traceback", "\x1b"):
        assert said not in worker.log
    eventually(lambda: redis.zcard("rq:wip:presentations") == 0)
    eventually(lambda: redis.llen(f"{line}:intermediate") == 0)
    thrown_away = ["text", f"{row}2_1", *(f"bad-{name}" for name, _ in BROKEN)]
    assert redis.exists(*(f"rq:job:{job_id}" for job_id in thrown_away)) == 0


BROKEN: list[tuple[str, str | bytes]] = [
    ("created_at", "yesterday"),
    ("timeout", "x"),
    ("data", "[]"),
    ("status", "?"),
    ("origin", "elsewhere"),
    ("description", b"\xff"),
]


def test_what_others_put_in_the_lines_place_is_set_aside(
    library: Library, start_worker: StartWorker, backends: Backends
) -> None:
    redis = Redis.from_url(backends.redis_url)
    asked = library.create("alice", "Photosynthesis", 1)
    foreign = ["rq:queue:presentations", "rq:queue:presentations:intermediate", "rq:wip:webhooks", "rq:workers"]
    for key in foreign:
        redis.delete(key)
        redis.set(key, "x")
    worker = start_worker(WORKER_THREADS="1", WEBHOOK_THREADS="1")
    assert ended(library, asked)[0].status == "complete"
    eventually(lambda: redis.scard("rq:workers") == 2)
    for key in foreign:
        assert redis.get(f"lectern:set-aside:{key}") == b"x"
        assert worker.lines(f"{key} was a string, not a ")
    assert "is started again" not in worker.log
    assert "is away" not in worker.log
    name = next(iter(redis.smembers("rq:workers:presentations")))
    redis.set(name, "x")
    eventually(lambda: redis.type(name) == b"hash")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PRESENTON_URL": ""}, "PRESENTON_URL is not set: expected the URL"),
        ({"WORKER_THREADS": "many"}, "WORKER_THREADS is 'many': expected a whole number from 1 to 1000"),
        (
            {"REDIS_URL": "localhost"},
            "REDIS_URL is (not shown: it is a secret): expected a URL that starts with redis://",
        ),
        ({"APP_ENV": "production", "SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ],
)
def test_a_misconfigured_worker_says_so_in_a_line(
    start_worker: StartWorker, changed: dict[str, str], said: str
) -> None:
    worker = start_worker(**changed)
    assert worker.popen.wait(30) == 2
    assert said in worker.log
    assert len(worker.log.splitlines()) == 1
