"""The servers of a run of tests: embedded ones, or those that were named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from redis import Redis
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from presentations.local import embedded
from tests.support.waiting import eventually

_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND backend_type = 'client backend'"
)


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL. Databases are made beside the one of `url`, whose role must be allowed to."""

    url: str
    prefix: str = "test"

    @contextmanager
    def database(self, name: str, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, for as long as the block lasts. `template` is what CREATE DATABASE has there."""
        full_name = f"{self.prefix}_{name}"
        with self.admin() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {full_name}"))
            connection.execute(text(f"CREATE DATABASE {full_name} TEMPLATE {template} STRATEGY FILE_COPY"))
        yield make_url(self.url).set(database=full_name).render_as_string(hide_password=False)
        with self.admin() as connection:
            # DROP DATABASE WITH (FORCE) takes a tenth of a second longer, and may not end an autovacuum.
            eventually(lambda: _dropped(connection, full_name))

    @contextmanager
    def admin(self) -> Iterator[Connection]:
        """A connection outside any transaction."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def _dropped(connection: Connection, name: str) -> bool:
    """Whether that went, after all sessions were ended; a thread that lived longer than its test may begin another."""
    if connection.execute(_END, {"name": name}).all():
        return False
    try:
        connection.execute(text(f"DROP DATABASE {name}"))
    except OperationalError:
        return False
    return True


@contextmanager
def own_postgres(folder: Path) -> Iterator[Postgres]:
    """An embedded one that is quick, since nothing of it has to outlive a power cut."""
    server = embedded.postgres(folder)
    postgres = Postgres(server.url)
    with postgres.admin() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield postgres
    server.stop()


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
    """The URL of an embedded Valkey."""
    server = embedded.valkey(folder)
    yield server.url
    server.stop()


@contextmanager
def numbered_redis(url: str, n: int) -> Iterator[str]:
    """The URL of the nth database from the one that `url` names, which has to be empty and is left so."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + n
    numbered = parts._replace(path=f"/{number}").geturl()
    redis = Redis.from_url(numbered)
    if redis.dbsize():
        raise AssertionError(
            f"Database {number} of the Redis holds keys: expected an empty one, since tests empty it. "
            f"If they may go: redis-cli -n {number} FLUSHDB"
        )
    yield numbered
    redis.flushdb()
