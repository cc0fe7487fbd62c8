"""The MCP server as a client meets it: the MCP package's own client, over both transports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp import Client, MCPError, StdioServerParameters

from presentations import __version__
from presentations.agent.functions import FUNCTIONS
from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from tests.mcp.conftest import StartHttp
from tests.mcp.talking import HELLO, Mode, answer, called, run, said
from tests.support.keeper import WORDS, Keeper
from tests.support.presentations import finished, outlined
from tests.support.processes import ROOT, Process


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
        assert client.server_info
        assert client.server_info.version == __version__
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == [function.name for function in FUNCTIONS]
        job_id = (await called(client, "create_presentation", topic="Photosynthesis", n_slides=50))["job_id"]
        waited = await client.call_tool(
            "wait_for_presentation", {"job_id": job_id, "timeout": 40}, progress_callback=hear
        )
        status = json.loads(said(waited))
        assert (status["status"], status["progress"]) == ("complete", 100)
        assert status["open_url"].startswith(f"{demo.url}/presentation?id=")
        assert waited.structured_content == status
        links = [str(one.uri) for one in waited.content if isinstance(one, types.ResourceLink)]
        # The PDF may be made by now, or not.
        assert links == [status[key] for key in ("slides_url", "open_url", "file_url", "pdf_url") if key in status]
        assert len(links) >= 3
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
            (
                "get_presentation",
                {"job_id": str(of_bob.id)},
                "Error: There is no such presentation. Call list_presentations to find the right job_id.",
            ),
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


def test_an_outline_is_read_changed_and_made(start_http: StartHttp, library: Library) -> None:
    job_id = str(outlined(library, "alice", "Light").id)

    async def talk(client: Client) -> None:
        waited = await client.call_tool("wait_for_presentation", {"job_id": job_id, "timeout": 40})
        assert (waited.structured_content or {})["message"].startswith("Its outline waits for your word")
        seen = await called(client, "get_outline", job_id=job_id)
        changed = await called(client, "change_outline", job_id=job_id, slides=seen["slides"][:2])
        assert changed["slides"] == seen["slides"][:2]
        made = await called(client, "make_presentation", job_id=job_id)
        assert (made["n_slides"], made["status"]) == (2, "pending")
        assert (await client.call_tool("make_presentation", {"job_id": job_id})).is_error
        assert (await called(client, "list_files"))["files"] == []

    run(start_http(), "auto", talk)


def test_a_model_reads_what_it_had_made_as_resources(
    server: StdioServerParameters | str, library: Library, database: Database, keeper: Keeper
) -> None:
    made, of_bob = (finished(library, database, user, "Volcanoes") for user in ("alice", "bob"))
    library.create("alice", "Not made yet")
    keeper.keep(made.id)
    keeper.keep(of_bob.id)

    async def talk(client: Client) -> None:
        [resource] = (await client.list_resources()).resources
        assert (resource.name, str(resource.uri)) == ("Volcanoes", f"lectern://presentations/{made.id}/slides")
        [template] = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "lectern://presentations/{job_id}/slides"
        [content] = (await client.read_resource(resource.uri)).contents
        assert isinstance(content, types.TextResourceContents)
        told = json.loads(content.text)
        assert [(one["title"], one["text"], one["notes"]) for one in told["slides"]] == list(WORDS)
        assert await called(client, "get_slides", job_id=str(made.id)) == told
        for uri, why in (
            (f"lectern://presentations/{of_bob.id}/slides", "There is no such presentation."),
            ("lectern://presentations/x/y/slides", "uri: expected lectern://presentations/{job_id}/slides, got"),
        ):
            with pytest.raises(MCPError, match=re.escape(why)):
                await client.read_resource(uri)

    run(server, "auto", talk)


def test_a_client_from_before_links_gets_none(
    start_http: StartHttp, library: Library, database: Database, keeper: Keeper
) -> None:
    made = finished(library, database, "alice", "Cells")
    keeper.keep(made.id)
    url = start_http()
    session = answer(url, params={**HELLO, "protocolVersion": "2024-11-05"}).headers["Mcp-Session-Id"]
    asked = {"name": "get_presentation", "arguments": {"job_id": str(made.id)}}
    told = answer(url, "tools/call", asked, Mcp_Session_Id=session).text
    assert "file_url" in told
    assert "resource_link" not in told


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


@pytest.mark.parametrize(
    ("arguments", "changed", "said"),
    [
        ([], {}, "MCP_USER is not set: expected the user_id"),
        (["--user", ""], {}, "--user: expected some text"),
        ([], {"MCP_USER": " "}, "MCP_USER"),
        ([], {"MCP_USER": "a\x01"}, "MCP_USER: holds a character that nobody sees, U+0001: leave it out"),
        (["--user", "alice", "--http", "--port", "99999"], {}, "--port: expected a whole number from 0 to 65535"),
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
    assert f"--port is {port}: Address already in use; expected an address of this machine, and" in done.stderr
