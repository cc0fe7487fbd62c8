"""A Presenton that follows a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.presenton.scripted import Scripted


@pytest.fixture
def server() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.close()
