"""What was made, as resources: the texts of the slides of each presentation, for whoever calls."""

from __future__ import annotations

import re
from typing import Any

import mcp_types as types
from anyio import to_thread
from mcp.shared.exceptions import MCPError

from presentations.accounts import READ
from presentations.agent.calls import Result, steps
from presentations.agent.functions import MOST_LISTED
from presentations.errors import shown
from presentations.mcp.callers import Caller

_TYPE = "application/json"
_SLIDES = "lectern://presentations/{job_id}/slides"
_URI = re.compile("lectern://presentations/([^/]+)/slides")

TEMPLATES = [
    types.ResourceTemplate(
        name="slides",
        title="The slides of a presentation",
        uri_template=_SLIDES,
        description="Title, text and speaker notes of each slide, as get_slides gives them.",
        mime_type=_TYPE,
    )
]


async def listed(caller: Caller) -> types.ListResourcesResult:
    """The newest that are complete; get_slides and the template reach the others. Raises MCPError."""
    found = await _called(caller, "list_presentations", {"status": "complete", "limit": MOST_LISTED})
    return types.ListResourcesResult(
        resources=[
            types.Resource(
                name=one["title"], uri=_SLIDES.replace("{job_id}", one["job_id"]), mime_type=_TYPE, title=one["title"]
            )
            for one in (found.content or {})["presentations"]
        ]
    )


async def read(caller: Caller, uri: str) -> types.ReadResourceResult:
    """What stands on the slides of one presentation, as get_slides gives it. Raises MCPError."""
    named = _URI.fullmatch(uri)
    if not named:
        raise MCPError(
            types.INVALID_PARAMS, f"uri: expected {_SLIDES}, got {shown(uri)}. Correct it and send it again."
        )
    found = await _called(caller, "get_slides", {"job_id": named[1]})
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=_TYPE, text=found.text)])


async def _called(caller: Caller, name: str, arguments: dict[str, Any]) -> Result:
    if READ not in caller.scopes:
        raise MCPError(types.INVALID_PARAMS, f"The token of this connection lacks the scope {READ!r}. Use another one.")
    result = await to_thread.run_sync(lambda: next(steps(name, arguments, caller.user_id, caller.check)))
    assert isinstance(result, Result)  # noqa: S101 (nothing here waits)
    if result.is_error:
        raise MCPError(types.INVALID_PARAMS, result.text.removeprefix("Error: "))
    return result
