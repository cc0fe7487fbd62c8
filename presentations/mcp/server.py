"""What the MCP server offers: the same functions, for one user, with progress while a presentation is awaited."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import anyio
import mcp_types as types
from anyio import CapacityLimiter, from_thread, to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.session import ServerSession
from mcp.server.stdio import stdio_server

from presentations.agent import Status
from presentations.agent.calls import answer
from presentations.agent.functions import FUNCTIONS, Function

INSTRUCTIONS = (
    "Lectern makes slide presentations in the background, usually within 10 to 20 minutes. Start one with "
    "create_presentation, go on with the conversation, and look with finished_presentations from time to time to tell "
    "the user what has become ready. Give the user the open_url."
)

# Clients end a request that says nothing for a minute or so.
_NEWS_EVERY = 10.0
# Waiting takes a thread each; it must not use up those of the other calls.
_WAITS_AT_ONCE = 200


def server_for(user_id: str) -> Server[Any]:
    """A server whose every call acts as `user_id` and sees nobody else's presentations."""
    waits = CapacityLimiter(_WAITS_AT_ONCE)

    async def list_tools(_: ServerRequestContext, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(function) for function in FUNCTIONS])

    async def call(context: ServerRequestContext, asked: types.CallToolRequestParams) -> types.CallToolResult:
        news = _News(context.session)
        limiter = waits if asked.name == "wait_for_presentation" else None
        carry_out = partial(answer, asked.name, asked.arguments, user_id, news.told)
        text, is_error = await to_thread.run_sync(carry_out, limiter=limiter)
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)

    return Server("lectern", title="Lectern", instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call)


def serve_stdio(user_id: str) -> None:
    """Serve the client at the other end of standard input and output, until it closes them."""

    async def serve() -> None:
        server = server_for(user_id)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)


def _tool(function: Function) -> types.Tool:
    return types.Tool(
        name=function.name,
        description=function.description,
        input_schema=function.schema,
        annotations=types.ToolAnnotations(
            read_only_hint=function.only_reads,
            destructive_hint=function.name == "cancel_presentation",
            open_world_hint=False,
        ),
    )


class _News:
    """Tells the client how an awaited presentation stands, from the thread that waits."""

    def __init__(self, session: ServerSession) -> None:
        self._session = session
        self._last: tuple[int, str] | None = None
        self._value = -1.0
        self._at = 0.0

    def told(self, status: Status) -> None:
        # A call that the client gave up ends here, by an exception that only this may catch.
        from_thread.check_cancelled()
        news = (status["progress"], status["message"] or status["status"])
        if news == self._last and time.monotonic() < self._at + _NEWS_EVERY:
            return
        self._last, self._at = news, time.monotonic()
        # The protocol wants every value to be greater than the one before.
        self._value = max(float(news[0]), self._value + 0.001)
        from_thread.run(self._session.report_progress, self._value, 100.0, news[1])
