"""PostgreSQL, Redis and the slide generator of all systems: what Lectern brings along, or what was named."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests
from redis import Redis, RedisError
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from benchmarks.processes import answers, ended, free_port, wait_until
from presentations.database import engine_url
from presentations.local import embedded
from presentations.local.servers import Valkey

ROOT = Path(__file__).parent.parent
_NAME = "lectern_bench"


class Unusable(Exception):
    """A server that was named does not answer, or holds something, which a measurement would empty."""


class Stub:
    """The slide generator of all systems, benchmarks/stub.py."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self, seconds: float) -> None:
        """Forget what was asked; from now on a generation takes so long."""
        requests.post(f"{self.url}/bench", json={"seconds": seconds}, timeout=30)

    def count(self, what: str = "asked") -> int:
        """How many topics were asked for (or are `done`), and with `calls`, how many requests there were."""
        return int(requests.get(f"{self.url}/bench/count", timeout=30).json()[what])

    def seen(self, what: str = "asked") -> dict[str, list[float]]:
        """When each topic was asked for (or is `done`), in seconds of the machine's monotonic clock."""
        times: dict[str, list[float]] = requests.get(f"{self.url}/bench", timeout=30).json()[what]
        return {topic: when for topic, when in times.items() if when}


@dataclass(frozen=True)
class Servers:
    """What every system stands on. Each measurement begins with all of it empty."""

    postgres_url: str
    redis_url: str
    stub: Stub
    folder: Path
    postgres: psutil.Process | None = None
    """Its process, where it is one of our own."""

    def empty(self) -> str:
        """Empty Redis, and give the URL of a new database."""
        self.empty_redis()
        self._run(f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)", f"CREATE DATABASE {_NAME}")
        with suppress(ProgrammingError):  # a role without that right has it come when it comes
            self._run("CHECKPOINT")
        return make_url(self.postgres_url).set(database=_NAME, drivername="postgresql").render_as_string(False)

    def empty_redis(self) -> None:
        """As after an accident."""
        with Redis.from_url(self.redis_url) as redis:
            redis.flushdb()

    def leave(self) -> None:
        """Have nothing stay behind."""
        self.empty_redis()
        self._run(f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)")

    def versions(self) -> dict[str, str]:
        """The releases of PostgreSQL and Redis."""
        engine = create_engine(engine_url(self.postgres_url))
        with engine.connect() as connection:
            postgres = str(connection.scalar(text("SHOW server_version"))).partition(" ")[0]
        engine.dispose()
        with Redis.from_url(self.redis_url) as redis:
            about = redis.info("server")
        kind = str(about.get("server_name", "redis")).capitalize()
        return {"PostgreSQL": postgres, kind: str(about.get("valkey_version", about["redis_version"]))}

    def _run(self, *statements: str) -> None:
        engine = create_engine(engine_url(self.postgres_url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


@contextmanager
def servers(database_url: str | None = None, redis_url: str | None = None) -> Iterator[Servers]:
    """Fresh ones with the settings that they come with, unless others are named; raises Unusable."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lectern-bench-")))
        process = None
        if database_url:
            _check_postgres(database_url)
        else:
            postgres = embedded.postgres(folder / "var")
            stack.callback(postgres.stop)
            database_url = postgres.url
            process = psutil.Process(int((folder / "var/postgres/postmaster.pid").read_text().split()[0]))
        if redis_url:
            _check_redis(redis_url)
        else:
            redis_url = stack.enter_context(_valkey(folder))
        stub = stack.enter_context(_stub())
        all_of_them = Servers(database_url, redis_url, stub, folder, process)
        stack.callback(all_of_them.leave)
        yield all_of_them


def _check_postgres(database_url: str) -> None:
    try:
        engine = create_engine(engine_url(database_url))
        engine.connect().close()
        engine.dispose()
    except SQLAlchemyError as error:
        raise Unusable(f"The PostgreSQL that was named cannot be used: {getattr(error, 'orig', error)}") from None


def _check_redis(redis_url: str) -> None:
    try:
        with Redis.from_url(redis_url) as redis:
            count = redis.dbsize()
    except (RedisError, ValueError) as error:
        raise Unusable(f"The Redis that was named cannot be used: {error}") from None
    if count:
        raise Unusable(
            f"The Redis that was named holds {count} keys: expected an empty one, since the measurements empty it. "
            "Name another number behind its last /, or let them go: redis-cli FLUSHDB"
        )


@contextmanager
def _valkey(folder: Path) -> Iterator[str]:
    """The Valkey that Lectern brings along, on TCP, which some of the systems need; it keeps what it is told, too."""
    data, port = folder / "valkey", free_port()
    data.mkdir()
    command = [str(Valkey(data).binary), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(data)]
    command += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
    with ended(subprocess.Popen(command, stdout=subprocess.DEVNULL)):
        wait_until(lambda: answers(port), 30)
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _stub() -> Iterator[Stub]:
    port = free_port()
    with ended(subprocess.Popen([sys.executable, "-m", "benchmarks.stub", str(port)], cwd=ROOT)):
        wait_until(lambda: answers(port), 30)
        yield Stub(f"http://127.0.0.1:{port}")
