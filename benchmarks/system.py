"""One of the systems that are compared: somebody who asks, and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil

from benchmarks.meter import Meter
from benchmarks.processes import kill, wait_until
from benchmarks.servers import ROOT, Servers

OURS = "lectern"
PEERS = ("plain_rq", "celery_threads", "procrastinate_threads", "dramatiq_threads", "huey_threads")
FLOORS = ("floor", "rq_empty")
NAMES = {
    OURS: "Lectern",
    "plain_rq": "plain RQ",
    "celery_threads": "Celery threads",
    "procrastinate_threads": "Procrastinate",
    "dramatiq_threads": "Dramatiq",
    "huey_threads": "Huey",
    "floor": "floor",
    "rq_empty": "floor",
}


class Failed(Exception):
    """A system did not do what it was told to; the message has the end of its log."""


def peers_bin() -> Path:
    """Where the commands of the peers' environment are; BENCH_PEERS names another than `make bench` makes."""
    return Path(os.environ.get("BENCH_PEERS", ROOT / ".venv-bench")) / "bin"


class System:
    """One of the systems, on emptied servers. `threads` is how much of the work its worker does at once."""

    def __init__(self, name: str, servers: Servers, threads: int, meter: Meter | None) -> None:
        self.name, self.servers, self.threads = name, servers, threads
        self.is_ours = name == OURS
        database_url = servers.empty()
        self.environment = self._environment(meter.through(database_url) if meter else database_url)
        self._workers: list[psutil.Popen] = []

    def _environment(self, database_url: str) -> dict[str, str]:
        peers = {
            "BENCH_DATABASE_URL": database_url,
            "BENCH_REDIS_URL": self.servers.redis_url,
            "BENCH_PRESENTON_URL": self.servers.stub.url,
        }
        ours = {
            "DATABASE_URL": database_url,
            "REDIS_URL": self.servers.redis_url,
            "PRESENTON_URL": self.servers.stub.url,
            "WORKER_THREADS": str(self.threads),
            "SECRET_KEY": "a key for benchmarks, of no use to anybody",
            "VAR_DIR": str(self.servers.folder / "unused"),
        }
        path = os.pathsep.join([str(peers_bin()), os.environ["PATH"]])
        folder = str(self.servers.folder)
        return {"PATH": path, "HOME": folder, "TMPDIR": folder, "PYTHONPATH": str(ROOT), **peers, **ours}

    @property
    def python(self) -> str:
        """The interpreter of its environment."""
        return sys.executable if self.is_ours else str(peers_bin() / "python")

    def ask(self) -> None:
        """Start who asks, and have made what the system needs."""
        command = [self.python, "-m", "benchmarks.systems", self.name]
        with self._log("asker") as log:
            self._asker = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.tell({"prepare": True})

    def create(self, topics: list[str], threads: int = 1) -> list[tuple[float, float]]:
        """Ask for these; when each was begun and taken, in seconds of the machine's monotonic clock."""
        return [(begun, taken) for begun, taken in self.tell({"topics": topics, "threads": threads})]

    def done(self) -> int:
        """How many of the topics are done: by the slide generator's word, but for work that never gets there."""
        own: int | None = self.tell({"done": True})
        return self.servers.stub.count("done") if own is None else own

    def start_worker(self, warm: bool = False) -> psutil.Popen:
        """One worker process of its kind, which may have children; when `warm`, it has done a first piece of work."""
        command: list[str] = self.tell({"command": self.threads})
        worker = self.popen("worker", command, self.environment)
        self._workers.append(worker)
        if warm:
            before = self.done()
            self.create(topics(1, 900_000 + len(self._workers)))
            if not wait_until(lambda: self.done() > before, 60):
                raise Failed(f"The worker of {self.name} did nothing in 60 seconds. {self.end_of('worker')}")
        return worker

    def start_busy_worker(self, count: int, seconds: int, patience: float) -> psutil.Popen:
        """A worker with so many generations of so many seconds in flight. Raises Failed."""
        stub = self.servers.stub
        stub.reset(0)
        worker = self.start_worker(warm=True)
        stub.reset(seconds)
        self.create(topics(count))
        if not wait_until(lambda: stub.count() >= count, patience):
            raise Failed(f"{self.name} has begun {stub.count()} of {count}")
        return worker

    def tell(self, told: dict[str, Any]) -> Any:
        """Say something to who asks, and hear the answer; raises Failed."""
        assert self._asker.stdin
        assert self._asker.stdout
        try:
            self._asker.stdin.write(json.dumps(told) + "\n")
            self._asker.stdin.flush()
        except BrokenPipeError:
            raise Failed(f"Nobody asks {self.name} any longer. {self.end_of('asker')}") from None
        answer = self._asker.stdout.readline()
        if not answer:
            raise Failed(f"Asking {self.name} failed. {self.end_of('asker')}")
        return json.loads(answer)

    def end(self) -> None:
        """End its processes."""
        for worker in self._workers:
            kill(worker)
        if hasattr(self, "_asker"):
            self._asker.kill()
            self._asker.communicate()

    def popen(self, what: str, command: list[str], environment: dict[str, str]) -> psutil.Popen:
        """Start a process that leads a session, and writes what it has to say where `end_of` finds it."""
        with self._log(what) as log:
            return psutil.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)

    def _log(self, of: str) -> IO[bytes]:
        return (self.servers.folder / f"{self.name}-{of}.log").open("ab")

    def end_of(self, of: str) -> str:
        """The last that a process had to say."""
        return (self.servers.folder / f"{self.name}-{of}.log").read_text(errors="replace")[-800:]


@contextmanager
def system(name: str, servers: Servers, threads: int = 20, meter: Meter | None = None) -> Iterator[System]:
    """One of the systems with somebody who asks it, for as long as the block lasts; all statements pass the meter."""
    one = System(name, servers, threads, meter)
    try:
        one.ask()
        yield one
    finally:
        one.end()


def topics(count: int, start: int = 0) -> list[str]:
    """Topics by which the stub knows them again."""
    return [f"bench-{start + n:06}" for n in range(count)]
