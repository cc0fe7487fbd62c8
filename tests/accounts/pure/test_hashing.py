"""How passwords are hashed."""

from __future__ import annotations

from presentations.accounts import users as module


def test_hashing_is_as_strong_as_recommended() -> None:
    hasher = module._HASHER
    assert (hasher.type.name, hasher.time_cost >= 2, hasher.memory_cost >= 19 * 1024) == ("ID", True, True)
