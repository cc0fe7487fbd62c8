"""Outlines: what a presentation is to be made of, read, changed and answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from presentations.library import Outline, Outlines, as_outline, outline_of, slides_in_markdown
from presentations.web.api import outline_schemas, schemas
from presentations.web.api.answers import told
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.current import library

_TAGS = ["Outlines"]


@api.get("/presentations/<uuid:presentation_id>/outline")
@api.output(outline_schemas.Outline)
@api.doc(tags=_TAGS, operation_id="getOutline")
def outline(presentation_id: UUID) -> dict[str, Any]:
    """See the outline of a presentation

    Of one that was asked for with `outline_first`. While `awaits_teacher_since` is set it can be changed and answered.
    404 says so where there is none, or not yet. What stands in it was written by a language model, or by whoever
    changed it.
    """
    return _told(outline_of(library(), acting(), presentation_id))


@api.put("/presentations/<uuid:presentation_id>/outline")
@api.input(outline_schemas.ChangedOutline, example=outline_schemas.EXAMPLE)
@api.output(outline_schemas.Outline)
@api.doc(tags=_TAGS, operation_id="changeOutline")
def change_outline(presentation_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Change the outline of a presentation

    To exactly these slides; it goes on waiting for an answer. 409: no outline of it waits, or not the one `seen`.
    """
    slides = slides_in_markdown(json_data["slides"])
    revised = Outlines(library()).revise(acting(), presentation_id, slides, seen=json_data.get("seen"))
    return _told(as_outline(revised))


@api.post("/presentations/<uuid:presentation_id>/make")
@api.input(outline_schemas.AnsweredOutline, example=outline_schemas.EXAMPLE)
@api.output(schemas.Presentation, 202, "It will be made.")
@api.doc(tags=_TAGS, operation_id="makePresentation")
def make_presentation(presentation_id: UUID, json_data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Have a presentation made of its outline

    Of these slides, or without a body of those that were kept last. 409: no outline of it waits, or not the one `seen`.
    """
    slides = slides_in_markdown(json_data["slides"]) if "slides" in json_data else None
    accepted = Outlines(library()).accept(acting(), presentation_id, slides, seen=json_data.get("seen"))
    return told(accepted), 202


def _told(found: Outline) -> dict[str, Any]:
    since = found.awaits_teacher_since
    return {
        "job_id": found.presentation.id,
        "title": found.presentation.shown_title,
        "awaits_teacher_since": since.isoformat() if since else None,
        "slides": [slide._asdict() for slide in found.slides],
    }
