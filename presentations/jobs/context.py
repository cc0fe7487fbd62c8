"""What all threads of a worker process share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from presentations.database import Database
from presentations.errors import Unavailable
from presentations.jobs.leases import Leases
from presentations.jobs.outages import Outages
from presentations.jobs.outbox import Outbox
from presentations.jobs.queue import WEBHOOKS, Line
from presentations.presenton import Presenton
from presentations.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


class Stopped(Exception):
    """The worker stops; another one goes on."""


@dataclass
class Workshop:
    """The parts of one worker process; its threads find it in `current_workshop`."""

    settings: Settings
    database: Database
    line: Line
    presenton: Presenton
    leases: Leases
    outages: Outages = field(default_factory=Outages)
    stopping: threading.Event = field(default_factory=threading.Event)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.database, Line(self.line.redis, WEBHOOKS), self.settings.line_lost_after)

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


current_workshop: ContextVar[Workshop] = ContextVar("current_workshop")
