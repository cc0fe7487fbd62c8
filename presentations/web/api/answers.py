"""Presentations as answers give them: with the addresses in this API of what is kept of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from presentations.database.models import Presentation
from presentations.library import Kept
from presentations.web.current import decks


def told(presentation: Presentation) -> dict[str, Any]:
    """One presentation, which its user has been shown."""
    return all_told([presentation])[0]


def all_told(presentations: Sequence[Presentation]) -> list[dict[str, Any]]:
    """These presentations, which their user has been shown."""
    kept = decks().kept(presentations)
    return [one.as_dict() | of_deck(one, kept[one.id]) for one in presentations]


def of_deck(one: Presentation, kept: Kept) -> dict[str, Any]:
    """What is said of its deck."""
    file = url_for("api.presentation_file", presentation_id=one.id)
    slides = url_for("api.presentation_slides", presentation_id=one.id)
    return {
        "slides": kept.slides,
        "file_url": file if one.file_kind in kept.kinds else None,
        "pdf_url": f"{file}?format=pdf" if "pdf" in kept.kinds else None,
        "slides_url": slides if kept.kinds else None,
    }
