"""Stands between a system and PostgreSQL, and counts statements and bytes; and asks Redis what it has counted.

PostgreSQL's own statistics know neither a `BEGIN` nor a statement's way to and fro; who speaks its protocol does.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields

from redis import Redis
from sqlalchemy import make_url

from benchmarks.servers import Servers

_SENT = (b"Q", b"E")  # a simple query, or the execution of a prepared one
_BRACKETS = (b"BEGIN", b"COMMIT", b"ROLLBACK")
_BEFORE_IT_STARTS = (80877103, 80877104)  # may we speak TLS, or GSSAPI?


@dataclass(frozen=True)
class Counts:
    """What was sent. Trips to PostgreSQL are its statements, and what begins and ends transactions."""

    statements: int
    trips: int
    database_bytes: int
    redis_calls: int
    presenton_calls: int

    def __sub__(self, before: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) - getattr(before, one.name) for one in fields(self)))


class Meter:
    """Counts while it runs; see `metered`."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._upstream = make_url(servers.postgres_url)
        self._redis = Redis.from_url(servers.redis_url)
        self._own_calls = 0
        self.statements = self.trips = self.bytes = self.port = 0

    def counts(self) -> Counts:
        """How it stands now."""
        self._own_calls += 1
        calls = int(self._redis.info("stats")["total_commands_processed"]) - self._own_calls
        return Counts(self.statements, self.trips, self.bytes, calls, self._servers.stub.count("calls"))

    def through(self, database_url: str) -> str:
        """The URL of the same database by way of the meter."""
        plain = {"sslmode": "disable", "gssencmode": "disable"}
        url = make_url(database_url).set(host="127.0.0.1", port=self.port, query=plain)
        return url.render_as_string(hide_password=False)

    async def run(self, is_up: threading.Event) -> None:
        """Count until `stop`."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        is_up.set()
        await self._stopped.wait()
        server.close()

    def stop(self) -> None:
        """Have `run` return."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._redis.close()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await self._connect()
        answers = asyncio.create_task(self._pass_answers(server, to_client))
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await self._pass_start(client, to_server)
            while True:
                kind = await client.readexactly(1)
                size = await client.readexactly(4)
                body = await client.readexactly(int.from_bytes(size) - 4)
                self.trips += kind in _SENT
                self.statements += kind in _SENT and not body.startswith(_BRACKETS)
                self._pass(to_server, kind + size + body)
        answers.cancel()
        to_server.close()
        to_client.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder, port = self._upstream.query.get("host"), self._upstream.port or self._upstream.query.get("port") or 5432
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self._upstream.host, int(str(port)))

    async def _pass_start(self, client: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
        code = _BEFORE_IT_STARTS[0]
        while code in _BEFORE_IT_STARTS:
            size = await client.readexactly(4)
            body = await client.readexactly(int.from_bytes(size) - 4)
            code = int.from_bytes(body[:4])
            self._pass(to_server, size + body)

    async def _pass_answers(self, server: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await server.read(65536):
                self._pass(to_client, data)
        to_client.close()

    def _pass(self, to: asyncio.StreamWriter, data: bytes) -> None:
        self.bytes += len(data)
        to.write(data)


@contextmanager
def metered(servers: Servers) -> Iterator[Meter]:
    """A meter that counts for as long as the block lasts."""
    meter, is_up = Meter(servers), threading.Event()
    thread = threading.Thread(target=asyncio.run, args=[meter.run(is_up)])
    thread.start()
    try:
        is_up.wait(30)
        yield meter
    finally:
        meter.stop()
        thread.join()
