"""The servers of a run of tests: embedded ones, or those that were named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


class Postgres:
    """A PostgreSQL. Databases are made beside the one of `url`, whose role must be allowed to."""

    def __init__(self, url: str, prefix: str = "test") -> None:
        self.url, self.prefix = url, prefix
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def close(self) -> None:
        """End the session that databases are made in."""
        self._engine.dispose()

    def url_of(self, name: str) -> str:
        """Where a database of it is."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, name: str, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, for as long as the block lasts. `template` is what CREATE DATABASE has there."""
        full_name = f"{self.prefix}_{name}"
        self.create(full_name, template)
        yield self.url_of(full_name)
        self.drop(full_name)

    def create(self, name: str, template: str) -> None:
        """Make a database, in place of one that an earlier run has left."""
        with self.admin() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))

    def drop(self, name: str) -> None:
        """Drop a database, once nobody is in it."""
        # WITH (FORCE) takes a tenth of a second longer, and may not end an autovacuum.
        self._once_left(name, f"DROP DATABASE {name}")

    def rename(self, name: str, new_name: str) -> None:
        """Rename a database, once nobody is in it."""
        with self.admin() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {new_name}"))
        self._once_left(name, f"ALTER DATABASE {name} RENAME TO {new_name}")

    def _once_left(self, name: str, statement: str) -> None:
        with self.admin() as connection:
            eventually(lambda: _done(connection, name, statement))

    @contextmanager
    def admin(self) -> Iterator[Connection]:
        """A connection outside any transaction."""
        with self._engine.connect() as connection:
            yield connection


def _done(connection: Connection, name: str, statement: str) -> bool:
    """Whether that went, after all sessions were ended; a thread that lived longer than its test may begin another."""
    if connection.execute(_END, {"name": name}).all():
        return False
    try:
        connection.execute(text(statement))
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
    postgres.close()
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
