"""A folder for embedded servers, and processes that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.users import (
    User,
    end_all,
    keepers_of,
)
from tests.support.waiting import eventually


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    for keeper in keepers_of(tmp_path):
        keeper.terminate()
    try:
        eventually(lambda: not keepers_of(tmp_path))
    finally:
        end_all(tmp_path)


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[..., User]]:
    users = []

    def start(name: str, place: Path = folder, **options: object) -> User:
        users.append(User(name, place, **options))  # type: ignore[arg-type]
        return users[-1]

    yield start
    for each in users:
        each.kill()
