"""The agent's face of Lectern: plain calls and plain dicts, in any Python process."""

from __future__ import annotations

import argparse
import sys
import threading
from typing import Any

from presentations import settings
from presentations.backends import Backends
from presentations.db import Database
from presentations.errors import InvalidRequest, LecternError
from presentations.library import Library
from presentations.line import Line
from presentations.models import Presentation
from presentations.order import DEFAULT_SLIDES, checked_user

_lock = threading.Lock()
_libraries: list[Library] = []


def shared_library() -> Library:
    """The library of this process, by its environment; made at the first call.

    Raises SettingsError, or EmbeddedError when an embedded server is needed and cannot be started.
    """
    with _lock:
        if not _libraries:
            backends = Backends.of(settings.load())
            _libraries.append(Library(Database.at(backends.database_url), Line.at(backends.redis_url)))
        return _libraries[0]


class AsyncPresentationTool:
    """Ask for presentations and see what became of them.

    Unbound it is a trusted service that may see everybody's; with a `user_id` it acts as that user and nobody else.
    Every call raises Unavailable when the database is away, and InvalidRequest or NotFound where they say so.
    """

    def __init__(self, user_id: str | None = None) -> None:
        self._user_id = None if user_id is None else checked_user(user_id)

    def create_presentation_async(
        self, topic: str, user_id: str | None = None, n_slides: int = DEFAULT_SLIDES, **options: Any
    ) -> dict[str, Any]:
        """Ask for a presentation; returns at once, while it is made in the background.

        topic is 1 to 500 characters, n_slides 1 to 50. `options`: language, tone, template, instructions, verbosity,
        export_as, subject, idempotency_key (the same key and user give the first presentation again).
        Raises InvalidRequest.
        """
        asked = shared_library().create(self._acting(user_id), topic, n_slides, **options)
        return {
            "job_id": str(asked.id),
            "status": asked.status,
            "message": "Started generating...",
            "check_status": f"/api/presentations/{asked.id}",
        }

    def get_job_status(self, job_id: str) -> dict[str, Any]:
        """How a presentation stands. Raises NotFound."""
        return shared_library().get(self._user_id, job_id).as_dict()

    def list_presentations(self, subject: str | None = None) -> list[dict[str, Any]]:
        """Presentations, newest first: those of a subject ("default": not organised yet), or all."""
        found: list[Presentation] = shared_library().list(self._user_id, subject=subject).items
        return [presentation.as_dict() for presentation in found]

    def update_subject(self, job_id: str, subject: str) -> dict[str, Any]:
        """File a presentation under a subject. Raises InvalidRequest or NotFound."""
        return shared_library().organise(self._user_id, job_id, subject).as_dict()

    def _acting(self, user_id: str | None) -> str:
        if self._user_id is not None and user_id not in (None, self._user_id):
            raise InvalidRequest("user_id", "expected the user that this tool is bound to")
        return checked_user(self._user_id or user_id)


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
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0
