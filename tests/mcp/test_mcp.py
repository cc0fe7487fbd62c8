"""The MCP server as a client meets it: the MCP package's own client, over both transports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import anyio
import mcp_types as types
import pytest
import requests
from mcp import Client, StdioServerParameters

from presentations.agent.functions import FUNCTIONS
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.support.processes import ROOT, Process

Mode = Literal["auto", "legacy"]
StartHttp = Callable[..., str]


@pytest.fixture
def start_http(environment: dict[str, str], tmp_path: Path) -> Iterator[StartHttp]:
    """Starts the server over HTTP for alice, with settings of its own if need be; gives its URL."""
    servers: list[Process] = []

    def start(**changed: str) -> str:
        command = ["-m", "presentations.mcp", "--http", "--port", "0", "--user", "alice"]
        servers.append(Process(command, environment | changed, tmp_path / f"mcp{len(servers)}.log"))
        line = servers[-1].wait_for("The MCP server is at")
        found = re.search(r"http://\S+/mcp", line)
        assert found
        return found[0]

    yield start
    for server in servers:
        assert server.stop() in (0, -15), server.log


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


def run(server: StdioServerParameters | str, mode: Mode, talk: Callable[[Client], Awaitable[None]]) -> None:
    async def connected() -> None:
        with anyio.fail_after(60):
            async with Client(server, mode=mode) as client:
                await talk(client)

    anyio.run(connected)


def said(result: types.CallToolResult) -> str:
    assert len(result.content) == 1
    content = result.content[0]
    assert isinstance(content, types.TextContent)
    return content.text


async def called(client: Client, name: str, **arguments: Any) -> Any:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, said(result)
    return json.loads(said(result))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_presentation_is_asked_for_awaited_with_progress_and_organised(
    server: StdioServerParameters | str,
    mode: Mode,
    library: Library,
    demo: DemoPresenton,
    start_worker: Callable[..., Process],
) -> None:
    start_worker()
    heard: list[tuple[float, float | None, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total, message))

    async def talk(client: Client) -> None:
        tools = await client.list_tools()
        assert [tool.name for tool in tools.tools] == [function.name for function in FUNCTIONS]
        job_id = (await called(client, "create_presentation", topic="Photosynthesis", n_slides=50))["job_id"]
        waited = await client.call_tool(
            "wait_for_presentation", {"job_id": job_id, "timeout": 50}, progress_callback=hear
        )
        status = json.loads(said(waited))
        assert (status["status"], status["progress"]) == ("complete", 100)
        assert status["open_url"].startswith(f"{demo.url}/presentation?id=")
        moved = await called(client, "move_presentation", job_id=job_id, subject="Biology")
        assert moved["subject"] == "biology"

    run(server, mode, talk)
    values = [value for value, _, _ in heard]
    assert values == sorted(set(values)), "each is greater than the one before"
    assert len(values) > 2
    assert heard[-1] == (100, 100, "complete")
    assert library.list("alice").items[0].subject == "biology"


def test_it_acts_as_its_user_only_and_answers_errors_as_text(
    server: StdioServerParameters | str, library: Library
) -> None:
    of_bob = library.create("bob", "Secret")

    async def talk(client: Client) -> None:
        assert (await called(client, "list_presentations"))["presentations"] == []
        refused: list[tuple[str, dict[str, Any], str]] = [
            ("get_presentation", {"job_id": str(of_bob.id)}, "There is no such presentation"),
            ("list_presentations", {"user_id": "bob"}, "user_id: is not an argument"),
            ("create_presentation", {"topic": "Cells", "n_slides": 51}, "n_slides: expected a whole number"),
            ("delete_everything", {}, "there is no tool 'delete_everything'"),
        ]
        for name, arguments, told in refused:
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert told in said(result)

    run(server, "auto", talk)
    assert library.get("bob", of_bob.id).status == "pending"


def test_a_wait_that_the_client_gives_up_holds_up_nothing(
    server: StdioServerParameters | str, library: Library
) -> None:
    asked = library.create("alice", "Cells")

    async def talk(client: Client) -> None:
        with anyio.move_on_after(0.5):
            await client.call_tool("wait_for_presentation", {"job_id": str(asked.id), "timeout": 1800})
        with anyio.fail_after(5):
            assert (await called(client, "cancel_presentation", job_id=str(asked.id)))["status"] == "cancelled"

    # The server ends, too: its fixture waits for that.
    run(server, "auto", talk)


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def status_of(url: str, **headers: str) -> int:
    accept = {"Accept": "application/json, text/event-stream"}
    return requests.post(url, json=INITIALIZE, headers=accept | headers, timeout=30).status_code


def test_http_refuses_foreign_hosts_and_origins(start_http: StartHttp) -> None:
    url = start_http(ALLOWED_HOSTS="lectern.example")
    own = url.removesuffix("/mcp")
    assert status_of(url) == 200
    assert status_of(url, Origin=own) == 200
    assert status_of(url, Host="lectern.example", Origin="https://lectern.example") == 200
    assert status_of(url, Host="evil.example") == 421
    assert status_of(url, Host="127.0.0.1:1") == 421
    for origin in ("https://evil.example", "http://localhost:3000", "null", own.replace("http:", "https:")):
        assert status_of(url, Origin=origin) == 403
    assert requests.post(url, data=b"x" * 300_000, headers={"Content-Type": "application/json"}).status_code == 413


def test_http_with_a_token_refuses_all_who_do_not_send_it(start_http: StartHttp) -> None:
    url = start_http(MCP_TOKEN="open-sesame")
    assert status_of(url) == 401
    assert status_of(url, Authorization="Bearer wrong") == 401
    assert status_of(url, Authorization="Bearer open-sesame") == 200


@pytest.mark.parametrize(
    ("arguments", "changed", "said"),
    [
        ([], {}, "MCP_USER is not set: expected the user_id"),
        (["--user", " "], {}, "user_id: expected some text"),
        (["--user", "alice", "--http", "--host", "0.0.0.0"], {}, "MCP_TOKEN is not set"),
        (["--user", "alice", "--http", "--host", "example.com"], {}, "--host"),
        (["--user", "alice"], {"WORKER_THREADS": "x"}, "WORKER_THREADS is 'x': expected"),
    ],
)
def test_a_start_that_cannot_be_says_why(
    environment: dict[str, str], arguments: list[str], changed: dict[str, str], said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "presentations.mcp", *arguments],
        cwd=ROOT,
        env=environment | changed,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_it_starts_without_a_database_and_says_so_to_the_model(environment: dict[str, str]) -> None:
    away = {**environment, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "presentations.mcp", "--user", "alice"], env=away, cwd=ROOT
    )

    async def talk(client: Client) -> None:
        result = await client.call_tool("create_presentation", {"topic": "Cells"})
        assert result.is_error
        assert "The database cannot be reached just now" in said(result)

    run(server, "auto", talk)


def test_a_port_that_is_taken_is_named(environment: dict[str, str], start_http: StartHttp) -> None:
    port = start_http().split(":")[2].split("/")[0]
    done = subprocess.run(
        [sys.executable, "-m", "presentations.mcp", "--http", "--port", port, "--user", "alice"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
