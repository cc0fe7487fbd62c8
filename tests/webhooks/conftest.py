"""A webhook of Alice's, the server that it goes to, and what sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from presentations.database import Database
from presentations.jobs import Leases, Workshop, current_workshop
from presentations.library import Library
from presentations.presenton import Presenton
from presentations.settings import Settings
from presentations.webhooks import Revealed, Webhooks
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
def workshop(settings: Settings, database: Database, library: Library) -> Workshop:
    own = replace(settings, webhook_allow_private=True, line_lost_after=0.0)
    workshop = Workshop(own, database, library.line, Presenton(settings), Leases(database, 30))
    current_workshop.set(workshop)
    return workshop
