"""The agent's face of Lectern: all that a process of another project imports, and quickly.

Databases, queues and settings are looked at by the first call, not by the import.
"""

from __future__ import annotations

import argparse
import sys

from presentations.agent.calls import call_tool
from presentations.agent.functions import tool_definitions
from presentations.agent.results import Asked, File, News, Outline, Slides, Status, Subject, Template, Templates
from presentations.agent.tool import AsyncPresentationTool
from presentations.errors import LecternError
from presentations.options import DEFAULT_SLIDES
from presentations.printable import printable

__all__ = [
    "Asked",
    "AsyncPresentationTool",
    "File",
    "News",
    "Outline",
    "Slides",
    "Status",
    "Subject",
    "Template",
    "Templates",
    "call_tool",
    "main",
    "presentation_tool",
    "tool_definitions",
]


def presentation_tool(topic: str, user_id: str) -> str:
    """Ask for a presentation of five slides; gives the sentence that an agent shows. Raises InvalidRequest."""
    result = AsyncPresentationTool().create_presentation_async(topic, user_id, n_slides=5)
    return f"""Started creating presentation on "{topic}"!

Job ID: {result["job_id"]}
Status: {result["status"]}

The presentation will be ready in 10-20 minutes.
You can check status or continue chatting - I'll let you know when it's done!

Check progress: /api/presentations/{result["job_id"]}"""


def main(arguments: list[str] | None = None) -> int:
    """Ask for one presentation from the command line, and print the answer at once. Gives the exit status."""
    parser = argparse.ArgumentParser(description="Ask Lectern for a presentation, and print the answer at once.")
    parser.add_argument("topic", nargs="?", default="Photosynthesis for Biology Test")
    parser.add_argument("--user", default="teacher", help="whose it is (default: %(default)s, as on the page)")
    parser.add_argument("--slides", type=int, default=DEFAULT_SLIDES, help="how many slides (default: %(default)s)")
    asked = parser.parse_args(arguments)
    try:
        print(AsyncPresentationTool().create_presentation_async(asked.topic, asked.user, asked.slides))  # noqa: T201
    except LecternError as error:
        print(printable(str(error)), file=sys.stderr)  # noqa: T201
        return 1
    return 0
