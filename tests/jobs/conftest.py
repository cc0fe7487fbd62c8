"""A dispatcher that has looked, and the Redis of its line."""

from __future__ import annotations

import pytest
from redis import Redis

from presentations.jobs import Dispatcher
from presentations.jobs.outages import Outages
from presentations.library import Library


@pytest.fixture
def redis(library: Library) -> Redis:
    return library.engine.queue.redis


@pytest.fixture
def outages() -> Outages:
    return Outages()


@pytest.fixture
def dispatcher(library: Library, outages: Outages) -> Dispatcher:
    """A patient one, that has tidied just now."""
    made = Dispatcher(library.engine, outages, lease_seconds=3600, patience=3600)
    made.run_once()
    return made
