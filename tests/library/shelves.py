"""What stands under which subject."""

from __future__ import annotations

from uuid import UUID

from presentations.database.models import Presentation
from presentations.library import Library


def shelves(library: Library, user: str = "alice") -> dict[str, list[str]]:
    """The names of a user's subjects, with the titles in each."""
    return {
        subject.name: sorted(p.shown_title for p in library.list(user, subject=subject.name).items)
        for subject in library.subjects(user)
    }


def ids(presentations: list[Presentation]) -> list[UUID]:
    return [presentation.id for presentation in presentations]
