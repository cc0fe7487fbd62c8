"""Processes of Lectern: workers, and the web as in production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import requests

from tests.support.nursery import Nursery
from tests.support.waiting import PATIENCE, eventually

ROOT = Path(__file__).parents[2]


class Process:
    """A command of Lectern's, with its output in a file. A nursery starts it in a tenth of the time."""

    def __init__(
        self,
        arguments: Iterable[str],
        environment: dict[str, str],
        log: Path,
        folder: Path = ROOT,
        nursery: Nursery | None = None,
    ) -> None:
        self._log = log
        own = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **environment}
        with log.open("ab") as out:
            self.popen = (
                nursery.start(list(arguments), own, log)
                if nursery
                else subprocess.Popen(
                    [sys.executable, *arguments],
                    cwd=folder,
                    env=own,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                )
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def lines(self, *words: str) -> list[str]:
        """The log lines that hold all of these words."""
        return [line for line in self.log.splitlines() if all(word in line for word in words)]

    def wait_for(self, *words: str) -> str:
        return eventually(lambda: self.lines(*words))[0]

    def send(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def kill(self) -> None:
        """kill -9: nothing is tidied up."""
        self.popen.kill()
        self.popen.wait(PATIENCE)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and give its exit status."""
        self.send(number)
        return self.popen.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def workers_nursery() -> Iterator[Nursery]:
    """One whose forks have loaded a worker: nothing that this loads looks at the environment before it runs."""
    nursery = Nursery("presentations.worker")
    yield nursery
    nursery.close()


@pytest.fixture
def run_python(
    nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """What `python` with arguments says in the root of Lectern, in no environment but the one given."""
    folder = tmp_path_factory.mktemp("python")

    def run(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        own = {"PATH": os.environ["PATH"], **environment}
        return nursery.run(list(arguments), own, folder, typed)

    return run


@pytest.fixture
def start_web(environment: dict[str, str], tmp_path: Path, nursery: Nursery) -> Iterator[Callable[..., str]]:
    """Serves the web as in production, with settings of its own if need be; gives its address."""
    served: list[Process] = []

    def start(**changed: str) -> str:
        port = free_port()
        own = environment | changed | {"PORT": str(port)}
        log = tmp_path / f"web{len(served) + 1}.log"
        served.append(Process(["-m", "gunicorn", "wsgi:app"], own, log, nursery=nursery))
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: _answers(f"{url}{changed.get('SCRIPT_NAME', '')}/sign-in"))
        return url

    yield start
    for process in served:
        process.stop()
        print(process.log)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=PATIENCE).ok
    except requests.RequestException:
        return False


@pytest.fixture
def start_worker(
    environment: dict[str, str], tmp_path: Path, workers_nursery: Nursery
) -> Iterator[Callable[..., Process]]:
    """Starts worker.py, with settings of its own if need be; ends all that are left."""
    workers: list[Process] = []

    def start(**changed: str) -> Process:
        log = tmp_path / f"worker{len(workers) + 1}.log"
        workers.append(Process(["worker.py"], environment | changed, log, nursery=workers_nursery))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.popen.poll() is None:
            worker.kill()
        print(worker.log)
