"""Redis and PostgreSQL away under 8 busy threads: the worker says so once, waits, and carries on."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.demo.server import DemoPresenton
from presentations.errors import Unavailable
from presentations.jobs import quick_redis
from presentations.library import Library
from presentations.local import Backends, embedded
from presentations.local.servers import Valkey
from tests.support.presentations import ended, status_of
from tests.support.processes import Process
from tests.support.waiting import PATIENCE, eventually

THREADS = 8
WEBHOOK_THREADS = 2
StartWorker = Callable[..., Process]


class OwnValkey:
    """A Valkey to be killed, emptied and frozen; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.url = f"unix://{folder}/s"
        self._command = [str(Valkey(folder).binary), "--port", "0", "--unixsocket", f"{folder}/s", "--save", ""]
        self.start()

    def start(self) -> None:
        self.popen = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        eventually(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(Redis.from_url(self.url).ping())
        except RedisError:
            return False

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait(30)


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnValkey]:
    server = OwnValkey(tmp_path_factory.mktemp("v") / "d")
    yield server
    server.kill()


@pytest.fixture
def library(database: Database, valkey: OwnValkey) -> Library:
    return Library.at(database, quick_redis(valkey.url))


@pytest.fixture
def busy(
    library: Library, valkey: OwnValkey, start_worker: StartWorker, demo: DemoPresenton
) -> tuple[Process, list[Presentation]]:
    """A worker all of whose 8 threads are making something until the demo lets it go, and more that waits."""
    demo.hold()
    worker = start_worker(WORKER_THREADS=str(THREADS), REDIS_URL=valkey.url, POLL_INTERVAL="0.5")
    asked = [library.create(f"teacher{n}", f"Topic {n}", 10) for n in range(THREADS)]
    eventually(lambda: all(library.get(None, one.id).presenton_task_id for one in asked))
    asked += [library.create(f"teacher{n}", f"More {n}", 1) for n in range(3)]
    return worker, asked


def started_jobs(valkey: OwnValkey) -> set[str]:
    redis = Redis.from_url(valkey.url)
    registry = StartedJobRegistry("presentations", connection=redis, serializer=JSONSerializer)
    return {job_id.split("_")[0] for job_id in registry.get_job_ids(cleanup=False)}


def busy_workers(valkey: OwnValkey) -> int:
    workers = SimpleWorker.all(connection=Redis.from_url(valkey.url), serializer=JSONSerializer)
    return sum(worker.get_state() == "busy" for worker in workers)


def test_redis_is_emptied(
    library: Library, valkey: OwnValkey, busy: tuple[Process, list[Presentation]], demo: DemoPresenton
) -> None:
    worker, asked = busy
    making = {str(one.id) for one in asked[:THREADS]}
    eventually(lambda: started_jobs(valkey) == making)
    Redis.from_url(valkey.url).flushall()
    eventually(lambda: started_jobs(valkey) == making)
    eventually(lambda: busy_workers(valkey) == THREADS)
    demo.let_all_go()
    assert {one.status for one in ended(library, *asked)} == {"complete"}
    assert {one.attempts for one in ended(library, *asked)} == {1}
    eventually(lambda: started_jobs(valkey) == set())
    assert worker.stop() == 0


def test_redis_is_restarted_and_has_lost_everything(
    library: Library, valkey: OwnValkey, busy: tuple[Process, list[Presentation]], demo: DemoPresenton
) -> None:
    worker, asked = busy
    making = {str(one.id) for one in asked[:THREADS]}
    valkey.kill()
    worker.wait_for("Redis is away")
    asked.append(library.create("late", "Asked without Redis", 1))
    valkey.start()
    worker.wait_for("Redis is back")
    eventually(lambda: started_jobs(valkey) == making)
    demo.let_all_go()
    assert {(one.status, one.attempts) for one in ended(library, *asked)} == {("complete", 1)}
    eventually(lambda: started_jobs(valkey) == set())
    eventually(lambda: len(SimpleWorker.all(connection=Redis.from_url(valkey.url))) == THREADS + WEBHOOK_THREADS)
    assert len(worker.lines("Redis")) == 2, worker.log


def test_redis_hangs(
    library: Library, valkey: OwnValkey, busy: tuple[Process, list[Presentation]], demo: DemoPresenton
) -> None:
    worker, asked = busy
    valkey.popen.send_signal(signal.SIGSTOP)
    try:
        worker.wait_for("Redis is away")
        late = library.create("late", "Asked while Redis hangs", 1)
        assert late.status == "pending"
        demo.let_all_go()
        made = ended(library, *asked[:THREADS])
        assert {(one.status, one.attempts) for one in made} == {("complete", 1)}
    finally:
        valkey.popen.send_signal(signal.SIGCONT)
    assert {(one.status, one.attempts) for one in ended(library, *asked, late)} == {("complete", 1)}
    assert len(worker.lines("Redis")) == 2, worker.log


def test_a_worker_that_stops_while_redis_hangs_stops_all_the_same(
    library: Library, valkey: OwnValkey, busy: tuple[Process, list[Presentation]]
) -> None:
    worker, asked = busy
    valkey.popen.send_signal(signal.SIGSTOP)
    try:
        assert worker.stop() == 0
    finally:
        valkey.popen.send_signal(signal.SIGCONT)
    assert {status_of(library, one) for one in asked} == {"pending"}


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[embedded.Server]:
    server = embedded.postgres(tmp_path / "own")
    yield server
    server.stop()


@pytest.fixture
def database_url(postgres: embedded.Server, request: pytest.FixtureRequest) -> str:
    """In these tests PostgreSQL is one that may be killed."""
    database = Database.at(postgres.url)
    database.install_schema()
    database.engine.dispose()
    return postgres.url


def kill_postgres(folder: Path) -> None:
    pid = int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    psutil.Process(pid).kill()


def test_postgres_is_killed_and_comes_back(
    library: Library, busy: tuple[Process, list[Presentation]], demo: DemoPresenton, tmp_path: Path
) -> None:
    worker, asked = busy
    kill_postgres(tmp_path / "own")
    worker.wait_for("PostgreSQL is away")
    worker.wait_for("PostgreSQL is back")
    demo.let_all_go()
    made = ended_over_outages(library, asked)
    assert {(one.status, one.attempts) for one in made} == {("complete", 1)}
    assert len(worker.lines("PostgreSQL")) == 2, worker.log
    assert not worker.lines("Traceback")


def test_a_drain_outlives_an_outage_of_postgres(library: Library, start_worker: StartWorker, tmp_path: Path) -> None:
    with DemoPresenton(tmp_path / "slow", seconds_per_slide=0.1) as demo:
        worker = start_worker(PRESENTON_MODE="sync", PRESENTON_URL=demo.url)
        asked = library.create("alice", "Photosynthesis", 50)
        worker.wait_for(str(asked.id), "one long call")
        worker.send(signal.SIGTERM)
        worker.wait_for("waiting up to")
        kill_postgres(tmp_path / "own")
        assert worker.popen.wait(PATIENCE) == 0
    assert not worker.lines("Traceback")
    assert [one.status for one in ended_over_outages(library, [asked])] == ["complete"]


def ended_over_outages(library: Library, asked: list[Presentation]) -> list[Presentation]:
    def look() -> list[Presentation] | None:
        try:
            return ended(library, *asked, seconds=0)
        except (Unavailable, AssertionError):
            return None

    found = eventually(look)
    assert found
    return found


def test_nothing_is_there_when_the_worker_starts(
    start_worker: StartWorker, environment: dict[str, str], backends: Backends
) -> None:
    worker = start_worker(
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        REDIS_URL="redis://127.0.0.1:1",
        WORKER_THREADS=str(THREADS),
    )
    worker.wait_for("PostgreSQL is away")
    worker.wait_for("Redis is away")
    assert worker.popen.poll() is None
    assert worker.stop() == 0
    assert len(worker.lines("WARNING", "is away")) == 2, worker.log
    assert not worker.lines("Traceback")


def test_a_database_without_tables_is_named(start_worker: StartWorker, bare_database_url: str) -> None:
    worker = start_worker(DATABASE_URL=bare_database_url)
    worker.wait_for("run psql -f schema.sql")
    assert worker.stop() == 0


def test_create_answers_while_redis_hangs(library: Library, valkey: OwnValkey) -> None:
    valkey.popen.send_signal(signal.SIGSTOP)
    try:
        answers = []
        thread = threading.Thread(target=lambda: answers.append(library.create("alice", "Photosynthesis")))
        thread.start()
        thread.join(30)
        assert [one.status for one in answers] == ["pending"]
        assert library.get("alice", answers[0].id).queued_at is None
    finally:
        valkey.popen.send_signal(signal.SIGCONT)
