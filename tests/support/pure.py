"""Pure tests stand in folders named `pure`: they need no server and no other process, and take milliseconds."""

from __future__ import annotations

import socket
import subprocess
from typing import NoReturn

import pytest

_SERVERS = {"postgres_server", "redis_server", "demo", "browser"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "pure: stands in a folder `pure`, and needs no server and no other process")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "pure":
            item.add_marker("pure")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A pure test that asks for a server fails before the server starts."""
    asked = _SERVERS.intersection(getattr(item, "fixturenames", ()))
    if asked and item.get_closest_marker("pure"):
        pytest.fail(f"This test stands in a folder of pure tests, but needs {_list(asked)}. {_ADVICE}", pytrace=False)


@pytest.fixture(autouse=True)
def _nothing_else_runs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pure tests no socket connects or listens, and no process starts."""
    if request.node.get_closest_marker("pure"):
        monkeypatch.setattr(socket.socket, "connect", _refuse)
        monkeypatch.setattr(socket.socket, "bind", _refuse)
        monkeypatch.setattr(subprocess, "Popen", _refuse)


_ADVICE = "Move it out of `pure`."


def _list(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _refuse(*_: object, **__: object) -> NoReturn:
    pytest.fail(f"This test stands in a folder of pure tests, but connects, listens or starts a process. {_ADVICE}")
