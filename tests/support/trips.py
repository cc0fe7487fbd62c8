"""What is sent to Redis."""

from __future__ import annotations

from typing import Any

import pytest
from redis.connection import AbstractConnection


def trips_to_redis(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One for each message that is sent from now on."""
    trips: list[None] = []
    send = AbstractConnection.send_packed_command

    def count(*args: Any, **kwargs: Any) -> None:
        trips.append(None)
        send(*args, **kwargs)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(AbstractConnection, "send_packed_command", count)
    return trips
