"""Waits over MCP: none outlives its client."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.library import Library
from tests.mcp.conftest import StartHttp
from tests.mcp.talking import Mode
from tests.support.processes import Process

# A client that waits, and says so once it has heard how things stand.
CLIENT = """
import anyio, os, sys
from mcp import Client, StdioServerParameters

async def hear(progress, total, message):
    print("heard", message, flush=True)

async def main(server, mode, job_id):
    async with Client(server, mode=mode) as client:
        await client.call_tool("wait_for_presentation", {"job_id": job_id, "timeout": 1800}, progress_callback=hear)

server, mode, job_id = sys.argv[1:]
if server == "stdio":
    environment = {"MCP_USER": "alice", **os.environ}
    server = StdioServerParameters(command=sys.executable, args=["-m", "presentations.mcp"], env=environment)
anyio.run(main, server, mode, job_id)
"""


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_a_wait_whose_client_is_killed_is_given_up(
    transport: str,
    mode: Mode,
    start_http: StartHttp,
    served: list[Process],
    library: Library,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    asked = library.create("alice", "Cells")
    server = "stdio" if transport == "stdio" else start_http()
    client = Process(["-c", CLIENT, server, mode, str(asked.id)], environment, tmp_path / "client.log")
    client.wait_for("heard")
    client.kill()
    # Over standard input and output the server is the client's child, and logs where that does.
    told = client if transport == "stdio" else served[0]
    told.wait_for("wait_for_presentation for 'alice' was given up: its client has left")
