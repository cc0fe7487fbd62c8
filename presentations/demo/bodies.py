"""What Presenton tells of tasks and decks, in the fields of each release."""

from __future__ import annotations

import uuid
from typing import Any

from presentations.demo.decks import Deck
from presentations.demo.drawing import draw
from presentations.demo.generation import Generation
from presentations.demo.outline import Slide
from presentations.demo.progress import COMPLETED, FAILED, QUEUED, Moment
from presentations.demo.releases import IdIn, Release

_WORDS = {QUEUED: "pending", COMPLETED: "completed", FAILED: "error"}


def result(deck_id: str, path: str) -> dict[str, str]:
    """Where a deck and its file are."""
    return {"presentation_id": deck_id, "path": path, "edit_path": f"/presentation?id={deck_id}"}


def task(generation: Generation, moment: Moment, release: Release, path: str) -> dict[str, Any]:
    failure = generation.failure if moment.message == FAILED else None
    return {
        **({"type": "presentation.generate"} if release.has_async_tasks else {}),
        "id": generation.id,
        "status": _WORDS.get(moment.message, release.working_word),
        "message": moment.message,
        "data": _task_data(generation, moment, release, path),
        "error": failure and {"status_code": failure.status, "detail": failure.detail},
        "created_at": generation.begun_at(),
        "updated_at": generation.changed_at(moment),
    }


def _task_data(generation: Generation, moment: Moment, release: Release, path: str) -> dict[str, Any] | None:
    data: dict[str, Any] = {}
    if release.has_counters:
        data |= {"created_slides": moment.created, "remaining_slides": moment.remaining}
    if release.id_in is IdIn.ALL or (release.id_in is IdIn.FIRST and moment.message == QUEUED):
        data["presentation_id"] = generation.presentation_id
    if release.has_result and moment.message == COMPLETED:
        data |= result(generation.presentation_id, path)
    return data or None


def deck(deck: Deck, release: Release, slides: list[Slide]) -> dict[str, Any]:
    """A deck with these of its slides."""
    fields = release.deck_fields.items()
    return {
        "id": deck.id,
        "content": deck.content,
        "n_slides": deck.n_slides,
        "language": deck.language,
        "title": deck.title,
        "created_at": deck.created_at,
        "updated_at": deck.updated_at,
        "tone": deck.tone,
        "verbosity": deck.verbosity,
        "slides": [_slide(deck, release, index, slide) for index, slide in enumerate(slides)],
    } | {name: value if deck.slides or name != "fonts" else None for name, value in fields}


def _slide(deck: Deck, release: Release, index: int, slide: Slide) -> dict[str, Any]:
    layout = "title_bullet_points" if index else "title_intro"
    shown = {
        "id": str(uuid.uuid5(uuid.UUID(deck.id), str(index))),
        "presentation": deck.id,
        "layout_group": deck.template,
        "layout": layout,
        "index": index,
        "content": slide.content,
        "html_content": None,
        "speaker_note": slide.note,
        "properties": None,
    }
    return shown | ({"ui": draw(slide, layout) if release.draws_slides else None} if release.has_slide_ui else {})
