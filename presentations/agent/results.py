"""What an agent gets back: plain dicts, with their keys and types."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast
from urllib.parse import urlsplit

from presentations.agent.runtime import Lectern

if TYPE_CHECKING:
    from presentations.database.models import Presentation, Slide, Upload
    from presentations.library import DeckView, Kept, Requested, SubjectCount
    from presentations.library import Outline as FoundOutline


class Asked(TypedDict):
    """The answer to a request, which is given at once."""

    job_id: str
    status: str
    message: str
    check_status: str
    applied_defaults: NotRequired[dict[str, Any]]  # what was not given, and is as is usual for the subject
    left_out_defaults: NotRequired[dict[str, str]]  # what is usual for it and cannot be had now, and why


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
    awaits_teacher_since: str | None  # its outline waits for its user's word since then; None: it does not
    progress: int  # percent; 100 once it is complete, and not before
    error: str | None  # why it failed, as a sentence for its teacher
    presenton_id: str | None
    presenton_url: str | None
    open_url: str | None  # what a person can click; None until complete, or when no PRESENTON_PUBLIC_URL is known
    slides: int | None  # how many there are; None until they are counted
    # For its owner, signed in to Lectern; None until complete, or when there is no such file.
    file_url: str | None
    pdf_url: str | None
    slides_url: str | None  # the page that shows the slides
    created_at: str
    started_at: str | None
    completed_at: str | None
    ended_at: str | None  # when it became complete, error or cancelled


class PictureUrls(TypedDict):
    """Where the pictures of a slide are, for its owner, signed in to Lectern: WebP, about 480 and 1600 points wide."""

    small: str
    large: str


class SlideText(TypedDict):
    """What stands on one slide, in reading order. It was written by a model or a teacher: no instruction, no HTML."""

    number: int
    title: str
    text: str
    notes: str
    picture: PictureUrls | None  # None: not made yet, or it cannot be made


class Slides(TypedDict):
    """The slides of one version. `version` is None until something is kept; there are none until they are read."""

    job_id: str
    title: str
    version: int | None
    slides: list[SlideText]


class OutlineSlide(TypedDict):
    """A slide of an outline. It was written by a model or a teacher: no instruction, no HTML."""

    title: str
    points: list[str]
    markdown: str  # the same


class Outline(TypedDict):
    """What a presentation is to be made of; unless it waits for its teacher, it cannot be changed any more."""

    job_id: str
    title: str
    awaits_teacher_since: str | None
    outline_url: str  # the page on which its owner, signed in to Lectern, changes it
    slides: list[OutlineSlide]


class News(TypedDict):
    """What has ended, and which outlines wait for their users, each oldest first."""

    ended: list[Status]
    outlines: list[Status]
    next_since: str  # what to ask with the next time


class File(TypedDict):
    """A file of a user's that slides can be made from. Its name was written by others."""

    file_id: str
    name: str
    kind: str  # pdf, docx, pptx, txt or md
    size: int  # bytes
    pages: int | None  # of a PDF, or slides of a PowerPoint file


class Template(TypedDict):
    """Something that decks are made with."""

    id: str  # what to give as `template`
    name: str
    description: str
    picture_url: str | None  # for who is signed in to Lectern


class Templates(TypedDict):
    """All templates, and what else may be asked for here."""

    templates: list[Template]
    offers_outlines: bool
    offers_web_search: bool


class Subject(TypedDict):
    """A subject, and how many finished presentations are filed under it."""

    subject: str
    name: str
    count: int


def asked(requested: Requested, lectern: Lectern) -> Asked:
    row = requested.asked.row
    answer = {
        "job_id": str(row["id"]),
        "status": row["status"],
        "message": "Started generating...",
        "check_status": f"{urlsplit(lectern.web_url).path}/api/presentations/{row['id']}",
    }
    return cast(Asked, answer | requested.said)


def status(presentation: Presentation, lectern: Lectern) -> Status:
    """How a presentation stands, with links that work outside of Lectern."""
    return statuses([presentation], lectern)[0]


def statuses(presentations: Sequence[Presentation], lectern: Lectern) -> list[Status]:
    """How each of these stands."""
    kept = lectern.decks.kept(presentations)
    return [_status(one, kept[one.id], lectern) for one in presentations]


def _status(presentation: Presentation, kept: Kept, lectern: Lectern) -> Status:
    path = presentation.presenton_url if presentation.status == "complete" and lectern.presenton_url else None
    page = _page(presentation, lectern)
    ended_at = presentation.ended_at
    return cast(
        Status,
        presentation.as_dict()
        | {
            "progress": _percent(presentation),
            "open_url": f"{lectern.presenton_url}{path}" if path else None,
            "slides": kept.slides,
            "file_url": f"{page}/file" if presentation.file_kind in kept.kinds else None,
            "pdf_url": f"{page}/file?format=pdf" if "pdf" in kept.kinds else None,
            "slides_url": page if kept.kinds else None,
            "ended_at": ended_at.isoformat() if ended_at else None,
        },
    )


def news(found: Sequence[Presentation], since: datetime | str, lectern: Lectern) -> News:
    from presentations.library import news_at

    told = statuses(found, lectern)
    latest = news_at(found[-1]) if found else since
    return {
        "ended": [one for one in told if one["awaits_teacher_since"] is None],
        "outlines": [one for one in told if one["awaits_teacher_since"] is not None],
        "next_since": latest if isinstance(latest, str) else latest.isoformat(),
    }


def slides(view: DeckView, lectern: Lectern) -> Slides:
    pictures = f"{_page(view.presentation, lectern)}/pictures"
    return {
        "job_id": str(view.presentation.id),
        "title": view.presentation.shown_title,
        "version": view.version.number if view.version else None,
        "slides": [_slide(one, pictures) for one in view.slides],
    }


def _slide(slide: Slide, pictures: str) -> SlideText:
    small, large = slide.small_sha256, slide.large_sha256
    drawn: PictureUrls | None = None
    if small and large:
        drawn = {"small": f"{pictures}/{small}.webp", "large": f"{pictures}/{large}.webp"}
    return {
        "number": slide.number,
        "title": slide.title,
        "text": slide.text,
        "notes": slide.notes,
        "picture": drawn,
    }


def _page(presentation: Presentation, lectern: Lectern) -> str:
    return f"{lectern.web_url}/presentations/{presentation.id}"


def outline(found: FoundOutline, lectern: Lectern) -> Outline:
    since = found.awaits_teacher_since
    return {
        "job_id": str(found.presentation.id),
        "title": found.presentation.shown_title,
        "awaits_teacher_since": since.isoformat() if since else None,
        "outline_url": _page(found.presentation, lectern),
        "slides": [{"title": one.title, "points": list(one.points), "markdown": one.markdown} for one in found.slides],
    }


def file(upload: Upload) -> File:
    return {
        "file_id": str(upload.id),
        "name": upload.name,
        "kind": upload.kind,
        "size": upload.size,
        "pages": upload.pages,
    }


def templates(lectern: Lectern) -> Templates:
    from presentations.library import thumbnails

    library = lectern.library
    pictures = thumbnails(library.database)
    return {
        "templates": [
            {
                "id": one.id,
                "name": one.name,
                "description": one.description,
                "picture_url": f"{lectern.web_url}/templates/{pictures[one.id]}" if one.id in pictures else None,
            }
            for one in library.templates()
        ],
        "offers_outlines": library.offers_outlines(),
        "offers_web_search": library.may_search(),
    }


def subject(counted: SubjectCount) -> Subject:
    return {"subject": counted.key, "name": counted.name, "count": counted.count}


def _percent(presentation: Presentation) -> int:
    if presentation.status == "complete":
        return 100
    total = presentation.slides_total or presentation.n_slides
    return min(99, 100 * (presentation.slides_done or 0) // total)
