"""What all threads of a worker process share, and how a job finds it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from uuid import UUID

from redis import Redis

from presentations.database import Database
from presentations.errors import Unavailable
from presentations.files import Store
from presentations.jobs.engine import Engine
from presentations.jobs.leases import Claim
from presentations.jobs.outages import Outages
from presentations.jobs.work import Work
from presentations.settings import Settings

if TYPE_CHECKING:
    from presentations.presenton import Presenton

P = ParamSpec("P")
T = TypeVar("T")


class Stopped(Exception):
    """The worker stops; another one goes on."""


class WorkerContext:
    """The parts of one worker process, which does these kinds of work; its threads find it in `current_context`."""

    def __init__(
        self, settings: Settings, database: Database, redis: Redis, presenton: Presenton, works: Iterable[Work]
    ) -> None:
        # Here and not above: whoever only asks for presentations need not wait for an HTTP client.
        from presentations.presenton import Lookout

        self.settings = settings
        self.database = database
        self.redis = redis
        self.presenton = presenton
        self.store = Store.of(settings)
        self.lookout = Lookout(presenton.task, settings.poll_interval)
        self.outages = Outages()
        self.stopping = threading.Event()
        self.engines = [Engine(work, database, redis, settings.lease_seconds) for work in works]

    def engine(self, work: Work) -> Engine:
        """The engine of a kind of work that this worker does."""
        return next(engine for engine in self.engines if engine.work is work)

    @contextmanager
    def claimed(self, engine: Engine, row_id: UUID) -> Iterator[Claim | None]:
        """A row claimed for the length of the block; None when it is not to be worked on now. Raises Stopped."""
        claim = self.when_database_answers(engine.leases.claim, row_id)
        try:
            yield claim
        finally:
            # What a stopping worker still holds is handed back, all at once.
            if claim and not self.stopping.is_set():
                engine.leases.drop(claim.lease)

    def when_database_answers(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `action` gives, however long the database is away meanwhile. Raises Stopped."""
        while True:
            try:
                result = action(*args, **kwargs)
            except Unavailable as error:
                self.outages.note("PostgreSQL", error)
                if self.stopping.wait(1):
                    raise Stopped from None
            else:
                self.outages.over("PostgreSQL")
                return result


current_context: ContextVar[WorkerContext] = ContextVar("current_context")
