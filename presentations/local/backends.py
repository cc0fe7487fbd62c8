"""The servers that a process uses: the configured ones, or embedded ones that it shares with its neighbours."""

from __future__ import annotations

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
        servers = []
        database_url, redis_url = settings.database_url, settings.redis_url
        if not database_url:
            servers.append(_postgres(settings))
            database_url = servers[-1].url
        if not redis_url:
            from presentations.local import embedded

            servers.append(embedded.valkey(settings.var_dir))
            redis_url = servers[-1].url
        return cls(database_url, redis_url, tuple(servers))

    def stop(self) -> None:
        """Give up the embedded ones; whoever is last stops them."""
        for server in self.embedded:
            server.stop()


def _postgres(settings: Settings) -> Server:
    from presentations.database import Database
    from presentations.local import embedded

    server = embedded.postgres(settings.var_dir)
    database = Database.at(server.url)
    database.install_schema()
    database.engine.dispose()
    return server
