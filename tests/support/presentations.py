"""Presentations in the state that a test needs, and waiting for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text, update

from presentations import lifecycle
from presentations.database import Database
from presentations.database.models import Presentation
from presentations.jobs import PRESENTATIONS, Leases
from presentations.library import Library, Organiser
from tests.support.waiting import PATIENCE, eventually


def status_of(library: Library, asked: Presentation) -> str:
    return library.get(None, asked.id).status


def ended(library: Library, *asked: Presentation, seconds: float = PATIENCE) -> list[Presentation]:
    """These presentations, once all of them are over."""

    waits = list(asked)

    def are_over() -> bool:
        while waits and library.get(None, waits[-1].id).status not in ("pending", "processing"):
            waits.pop()  # asking again for each that is over would keep a core busy where there are many
        return not waits

    eventually(are_over, seconds)
    return [library.get(None, one.id) for one in asked]


def in_mid_generation(library: Library, asked: Presentation) -> Presentation:
    """A presentation of which some slides are done."""

    def look() -> Presentation | None:
        now = library.get(None, asked.id)
        return now if now.status == "processing" and now.presenton_task_id and now.slides_done else None

    found = eventually(look)
    assert found
    return found


def finished(library: Library, database: Database, user: str, topic: str, subject: str = "default") -> Presentation:
    """A presentation that is made."""
    asked = library.create(user, topic, subject=subject)
    with database.begin() as session:
        session.execute(
            text("UPDATE presentation_jobs SET status = 'complete', queued_at = NULL WHERE id = :id"),
            {"id": asked.id},
        )
    return asked


def failed(library: Library, database: Database, user: str, topic: str) -> Presentation:
    """A presentation that could not be made."""
    asked = library.create(user, topic)
    with database.begin() as session:
        session.execute(
            text("UPDATE presentation_jobs SET status = 'error', queued_at = NULL, error = 'No.' WHERE id = :id"),
            {"id": asked.id},
        )
    return asked


SLIDES = ("# Light\n\n- Red is slow\n- Blue is fast", "# Leaves\n\n- Green", "# Sugar\n\n- Sweet")


def outlined(library: Library, user: str, topic: str, slides: Sequence[str] = SLIDES, **options: Any) -> Presentation:
    """A presentation whose outline waits for its teacher, as a worker leaves it."""
    asked = library.create(user, topic, len(slides), outline_first=True, **options)
    leases = Leases(library.database, PRESENTATIONS, 30)
    claimed = leases.claim(asked.id)
    assert claimed
    leases.save(claimed.lease, **lifecycle.outlined(slides))
    return library.whole(user, asked.id)


def write(database: Database, presentation: Presentation, **values: object) -> None:
    """Have its row hold these values, and no place in line."""
    with database.begin() as session:
        row = update(Presentation).where(Presentation.id == presentation.id)
        session.execute(row.values(queued_at=None, **values))


def restore(library: Library, presentation_id: UUID) -> Presentation:
    """A deleted presentation, as undoing that leaves it."""
    with library.database.begin() as session:
        session.execute(lifecycle.RESTORE.of(Presentation.id == presentation_id))
    return library.get(None, presentation_id)


def organise(library: Library, user_id: str, presentation_id: UUID | str, subject: str) -> Presentation:
    """A presentation, after it was filed under a subject."""
    Organiser(library.database, library.engine).move(user_id, [presentation_id], subject)
    return library.get(None, presentation_id)


def rename(library: Library, user_id: str, presentation_id: UUID | str, title: str) -> Presentation:
    """A presentation, after it was given another title."""
    Organiser(library.database, library.engine).rename(user_id, presentation_id, title)
    return library.get(None, presentation_id)


def delete(library: Library, user_id: str | None, presentation_id: UUID | str) -> None:
    """Delete a presentation."""
    Organiser(library.database, library.engine).delete(user_id, [presentation_id])
