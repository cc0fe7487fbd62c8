"""Processes that use an embedded server, and a look at everything that runs for a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import redis
import sqlalchemy as sa

from presentations.local import embedded
from tests.support.waiting import eventually

PROJECT = Path(__file__).parents[2]
START = {"postgres": embedded.postgres, "valkey": embedded.valkey}
KEEPER = "presentations.local.keeper"
IS_ROOT = os.geteuid() == 0
both = pytest.mark.parametrize("name", ["postgres", "valkey"])
USER = """
import sys
from pathlib import Path
from presentations.local import embedded
server = getattr(embedded, sys.argv[1])(Path(sys.argv[2]))
print(server.url, flush=True)
sys.stdin.readline()
"""


class User:
    """A process of its own that uses a server until `leave`."""

    def __init__(self, name: str, folder: Path, python: str = sys.executable, **options: object) -> None:
        command = [python, "-c", USER, name, str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True, **options)  # type: ignore[call-overload]

    @property
    def url(self) -> str:
        return str(self.process.stdout.readline().strip())

    def leave(self) -> None:
        self.process.communicate("\n", timeout=30)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def processes(folder: Path) -> dict[psutil.Process, list[str]]:
    """The keepers and servers of this folder, with the servers' own children, which work in it; and their commands."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            words = process.cmdline()
            if USER not in words and any(word.startswith(str(folder)) for word in [*words, place_of(process)]):
                found[process] = words
    return found


def place_of(process: psutil.Process) -> str:
    with suppress(psutil.AccessDenied):  # in many containers root may not ask that of others
        return process.cwd()
    return ""


def keepers_of(folder: Path) -> list[psutil.Process]:
    return [process for process, words in processes(folder).items() if KEEPER in words]


def server_of(folder: Path) -> psutil.Process:
    servers = [each for each, words in processes(folder).items() if KEEPER not in words and str(folder) in str(words)]
    assert len(servers) == 1
    return servers[0]


def end_all(folder: Path) -> None:
    """Keepers first, so that they start nothing again."""
    for process in [*keepers_of(folder), *processes(folder)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    eventually(lambda: not processes(folder))


def write(url: str, value: str) -> None:
    if url.startswith("unix:"):
        with redis.Redis.from_url(url) as client:
            client.set("kept", value)
        return
    with connected(url) as connection:
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS kept (value text)"))
        connection.execute(sa.text("INSERT INTO kept VALUES (:value)"), {"value": value})


def read(url: str) -> str:
    if url.startswith("unix:"):
        with redis.Redis.from_url(url, decode_responses=True) as client:
            return str(client.get("kept"))
    with connected(url) as connection:
        return str(connection.scalar(sa.text("SELECT value FROM kept")))


def connected(url: str) -> sa.Connection:
    """A connection that commits and closes at the end of its `with`."""
    return sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect()


def answers(url: str) -> bool:
    try:
        return bool(read(url))
    except (redis.RedisError, sa.exc.OperationalError):
        return False
