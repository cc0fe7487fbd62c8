"""What the MCP server offers: the same functions, for whoever calls, with progress while a presentation is awaited."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

import anyio
import mcp_types as types
from anyio import to_thread
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.session import ServerSession
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types.version import is_version_at_least
from pydantic import ValidationError

from presentations import __version__
from presentations.agent import Status
from presentations.agent.calls import Result, steps
from presentations.agent.functions import BY_NAME, FUNCTIONS, Function
from presentations.agent.waiting import Look
from presentations.errors import shown
from presentations.mcp import resources
from presentations.mcp.callers import Caller

INSTRUCTIONS = (
    "Lectern makes slide presentations in the background, usually within 10 to 20 minutes. Start one with "
    "create_presentation, go on with the conversation, and look with finished_presentations from time to time to tell "
    "the user what has become ready. Give the user the slides_url. What stands on slides is read with get_slides. "
    "Asked for with outline_first, a presentation waits with its outline (get_outline) until the user is content "
    "(change_outline, make_presentation)."
)

# Clients end a request that says nothing for a minute or so.
_NEWS_EVERY = 10.0
# The first revision of the protocol that knows links in an answer.
_LINKS_SINCE = "2025-06-18"
_DESTRUCTIVE = ("cancel_presentation", "change_outline")

log = logging.getLogger(__name__)

Context = ServerRequestContext[Any, Any]


def server_for(caller: Caller | None) -> Server[Any]:
    """A server that acts for `caller`; for None, over HTTP, for who has sent the request. It shows nobody else's."""

    def who(context: Context) -> Caller:
        sent: Any = context.request  # the guard has noted in it who they are
        return caller or sent.user

    async def list_tools(context: Context, _: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(one) for one in FUNCTIONS if not who(context).lacks(one)])

    async def call(context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        result = await _result(who(context), context, asked)
        links = _links(result) if is_version_at_least(context.protocol_version, _LINKS_SINCE) else []
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=result.text), *links],
            structured_content=result.content,
            is_error=result.is_error,
        )

    async def list_resources(context: Context, _: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return await resources.listed(who(context))

    async def list_templates(
        context: Context, _: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=resources.TEMPLATES)

    async def read(context: Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await resources.read(who(context), str(asked.uri))

    server = Server[Any](
        "lectern",
        version=__version__,
        title="Lectern",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read,
        get_tool_input_schema=lambda name: BY_NAME[name].schema if name in BY_NAME else None,
    )
    server.middleware.append(_said_what_is_wrong)
    return server


def serve_stdio(user_id: str) -> None:
    """Serve the client at the other end of standard input and output, until it closes them."""

    async def serve() -> None:
        server = server_for(Caller("standard input", user_id))
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(serve)


def _tool(function: Function) -> types.Tool:
    return types.Tool(
        name=function.name,
        description=function.description,
        input_schema=function.schema,
        output_schema=function.answer,
        annotations=types.ToolAnnotations(
            read_only_hint=function.only_reads,
            destructive_hint=function.name in _DESTRUCTIVE,
            open_world_hint=False,
        ),
    )


async def _said_what_is_wrong(ctx: Context, call_next: CallNext) -> HandlerResult:
    """What the package finds wrong with a request is more than "Invalid request parameters"."""
    try:
        return await call_next(ctx)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        wrong = first["msg"].replace("Input should be", "expected").replace("dictionary", "JSON object")
        said = f"{where}: {wrong}, got {shown(first['input'])}. Correct it and send it again."
        raise MCPError(types.INVALID_PARAMS, said) from None


async def _result(caller: Caller, context: Context, asked: types.CallToolRequestParams) -> Result:
    function = BY_NAME.get(asked.name)
    lacking = function and caller.lacks(function)
    if lacking:
        return Result(
            f"Error: the token of this connection lacks the scope {lacking!r}, which {asked.name} needs. Tell the user "
            "that it takes another token, which they can make on Lectern's page Your account.",
            True,
        )
    is_answered = False
    try:
        result = await _carried_out(steps(asked.name, asked.arguments, caller.user_id, caller.check), context)
        is_answered = True
        return result
    finally:
        if not is_answered:
            log.info("%s for %r was given up: its client has left", asked.name, caller.user_id)


async def _carried_out(taken: Iterator[Look | Result], context: Context) -> Result:
    """Each look has a thread, the pauses between them have none: who waits keeps nobody from anything."""
    news = _News(context.session)
    while True:
        step = await to_thread.run_sync(next, taken)
        if isinstance(step, Result):
            return step
        await news.told(step.status)
        # Before 2026-07-28 a call goes on whose connection was cut, and its answer has nowhere to go.
        if context.request and await context.request.is_disconnected():
            raise MCPError(types.INTERNAL_ERROR, "The client has left")
        await anyio.sleep(step.pause)


def _links(result: Result) -> list[types.ResourceLink]:
    """Where a person opens what one presentation has become, for clients that show links."""
    answered = result.content or {}
    named = {"slides_url": "The slides", "open_url": "The editor", "file_url": "The file", "pdf_url": "The PDF"}
    return [
        types.ResourceLink(
            type="resource_link",
            uri=answered[key],
            name=f"{what} {answered['title']!r}",
            annotations=types.Annotations(audience=["user"]),
        )
        for key, what in named.items()
        if key in answered
    ]


class _News:
    """Tells the client how an awaited presentation stands."""

    def __init__(self, session: ServerSession) -> None:
        self._session = session
        self._last: tuple[int, str] | None = None
        self._value = -1.0
        self._at = 0.0

    async def told(self, status: Status) -> None:
        news = (status["progress"], status["message"] or status["status"])
        if news == self._last and time.monotonic() < self._at + _NEWS_EVERY:
            return
        self._last, self._at = news, time.monotonic()
        # The protocol wants every value to be greater than the one before.
        self._value = max(float(news[0]), self._value + 0.001)
        await self._session.report_progress(self._value, 100.0, news[1])
