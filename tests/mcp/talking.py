"""The MCP package's own client, and what it is told."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import anyio
import mcp_types as types
import requests
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

Mode = Literal["auto", "legacy"]


def run(
    server: StdioServerParameters | str, mode: Mode, talk: Callable[[Client], Awaitable[None]], **headers: str
) -> None:
    """Connect, and talk; over HTTP with these headers, an _ in whose names is a -."""

    async def connected() -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with anyio.fail_after(60):
            async with create_mcp_http_client(headers=named) as http:
                to: Any = streamable_http_client(server, http_client=http) if isinstance(server, str) else server
                async with Client(to, mode=mode) as client:
                    await talk(client)

    anyio.run(connected)


def said(result: types.CallToolResult) -> str:
    """The text of an answer."""
    content = result.content[0]
    assert isinstance(content, types.TextContent)
    return content.text


async def called(client: Client, name: str, **arguments: Any) -> Any:
    """What a call answers; fails when that is an error."""
    result = await client.call_tool(name, arguments)
    assert not result.is_error, said(result)
    answered = json.loads(said(result))
    assert result.structured_content == answered
    return answered


HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def answer(
    url: str, method: str = "initialize", params: Mapping[str, Any] = HELLO, **headers: str
) -> requests.Response:
    """The answer over HTTP to one message of an older client, with these headers, an _ in whose names is a -."""
    accept = {"Accept": "application/json, text/event-stream"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return requests.post(url, json=message, headers=accept | named, timeout=30)


def status_of(url: str, **headers: str) -> int:
    return answer(url, "initialize", HELLO, **headers).status_code
