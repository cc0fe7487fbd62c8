"""Servers as clients meet them: over standard input and output, and over HTTP."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mcp import StdioServerParameters

from tests.support.nursery import Nursery
from tests.support.processes import ROOT, Process

StartHttp = Callable[..., str]


@pytest.fixture
def served() -> list[Process]:
    """The processes of the servers that a test has started."""
    return []


@pytest.fixture
def start_http(
    environment: dict[str, str], tmp_path: Path, served: list[Process], nursery: Nursery
) -> Iterator[StartHttp]:
    """Starts the server over HTTP for a user or none, with settings of its own if need be; gives its URL."""

    def start(user: str | None = "alice", **changed: str) -> str:
        command = ["-m", "presentations.mcp", "--http", "--port", "0", *([] if user is None else ["--user", user])]
        log = tmp_path / f"mcp{len(served)}.log"
        served.append(Process(command, environment | changed, log, nursery=nursery))
        line = served[-1].wait_for("The MCP server is at")
        found = re.search(r"http://\S+/mcp", line)
        assert found
        return found[0]

    yield start
    for server in served:
        assert server.stop() in (0, -15), server.log
        print(server.log)


@pytest.fixture(params=["stdio", "http"])
def server(
    request: pytest.FixtureRequest, environment: dict[str, str], start_http: StartHttp
) -> StdioServerParameters | str:
    """What a client has to know of a server that acts as alice."""
    if request.param == "http":
        return start_http()
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "presentations.mcp"],
        env={"PYTHONWARNINGS": "error", "MCP_USER": "alice", **environment},
        cwd=ROOT,
    )
