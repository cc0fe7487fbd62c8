"""The servers that a process uses: the configured ones, or embedded ones that it shares with its neighbours."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presentations.settings import Settings

if TYPE_CHECKING:
    from presentations.local.embedded import Server


@dataclass(frozen=True)
class Backends:
    """Where PostgreSQL and Redis are, and those of them that this process keeps running."""

    database_url: str
    redis_url: str
    embedded: tuple[Server, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Backends:
        """The servers for these settings; embedded ones are started, unless a neighbour has, and have their tables.

        Raises EmbeddedError when one cannot be started.
        """
        if settings.database_url and settings.redis_url:
            return cls(settings.database_url, settings.redis_url)
        from presentations.local import embedded

        with ThreadPoolExecutor(2) as beside:
            valkey = None if settings.redis_url else beside.submit(embedded.valkey, settings.var_dir)
            postgres = None if settings.database_url else beside.submit(embedded.postgres, settings.var_dir)
            if postgres:
                _install_schema(postgres)
        servers = [starting.result() if starting else None for starting in (postgres, valkey)]
        database_url, redis_url = (server.url if server else "" for server in servers)
        return cls(
            settings.database_url or database_url,
            settings.redis_url or redis_url,
            tuple(server for server in servers if server),
        )

    def stop(self) -> None:
        """Give up the embedded ones; whoever is last stops them."""
        for server in self.embedded:
            server.stop()


def _install_schema(starting: Future[Server]) -> None:
    # Reading these libraries takes as long as PostgreSQL does to start.
    from presentations.database import Database

    database = Database.at(starting.result().url)
    database.install_schema()
    database.engine.dispose()
