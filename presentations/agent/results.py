"""What an agent gets back: plain dicts, with their keys and types."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast
from urllib.parse import urlsplit

from presentations.agent.runtime import Lectern

if TYPE_CHECKING:
    from presentations.database.models import Presentation
    from presentations.library import SubjectCount


class Asked(TypedDict):
    """The answer to a request, which is given at once."""

    job_id: str
    status: str
    message: str
    check_status: str


class Status(TypedDict):
    """How a presentation stands. Times are ISO 8601 with an offset, None for what has not happened yet."""

    job_id: str
    topic: str
    title: str
    user_id: str
    status: str  # pending, processing, complete, error or cancelled
    subject: str  # "default": not organised yet
    n_slides: int
    message: str | None  # what is going on just now
    slides_done: int | None
    slides_total: int | None
    progress: int  # percent; 100 once it is complete, and not before
    error: str | None  # why it failed, as a sentence for its teacher
    presenton_id: str | None
    presenton_url: str | None
    open_url: str | None  # what a person can click; None until complete, or when no PRESENTON_PUBLIC_URL is known
    file_url: str | None  # the file, for its owner, signed in to Lectern; None until complete, or when there is none
    created_at: str
    started_at: str | None
    completed_at: str | None
    ended_at: str | None  # when it became complete, error or cancelled


class Subject(TypedDict):
    """A subject, and how many finished presentations are filed under it."""

    subject: str
    name: str
    count: int


def asked(presentation: Presentation, lectern: Lectern) -> Asked:
    return {
        "job_id": str(presentation.id),
        "status": presentation.status,
        "message": "Started generating...",
        "check_status": f"{urlsplit(lectern.web_url).path}/api/presentations/{presentation.id}",
    }


def status(presentation: Presentation, lectern: Lectern) -> Status:
    """How a presentation stands, with links that work outside of Lectern."""
    is_made = presentation.status == "complete"
    has_file = is_made and presentation.presenton_path
    path = presentation.presenton_url if is_made and lectern.presenton_url else None
    ended_at = presentation.ended_at
    return cast(
        Status,
        presentation.as_dict()
        | {
            "progress": _percent(presentation),
            "open_url": f"{lectern.presenton_url}{path}" if path else None,
            "file_url": f"{lectern.web_url}/presentations/{presentation.id}/file" if has_file else None,
            "ended_at": ended_at.isoformat() if ended_at else None,
        },
    )


def subject(counted: SubjectCount) -> Subject:
    return {"subject": counted.key, "name": counted.name, "count": counted.count}


def _percent(presentation: Presentation) -> int:
    if presentation.status == "complete":
        return 100
    total = presentation.slides_total or presentation.n_slides
    return min(99, 100 * (presentation.slides_done or 0) // total)
