"""A webhook of Alice's, the server that it goes to, and what sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from presentations.database import Database
from presentations.jobs import WorkerContext, current_context, quick_redis
from presentations.local import Backends
from presentations.presenton import Presenton
from presentations.settings import Settings
from presentations.webhooks import WEBHOOKS, Revealed, Webhooks
from tests.support.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, allow_private=True)


@pytest.fixture
def hook(webhooks: Webhooks, receiver: Receiver) -> Revealed:
    """Alice's webhook, which goes to `receiver`."""
    return webhooks.subscribe("alice", receiver.url)


@pytest.fixture
def context(settings: Settings, database: Database, backends: Backends) -> WorkerContext:
    own = replace(settings, webhook_allow_private=True)
    context = WorkerContext(own, database, quick_redis(backends.redis_url), Presenton(settings), [WEBHOOKS])
    current_context.set(context)
    return context
