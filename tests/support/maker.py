"""What a worker does to presentations, without one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, update

from presentations.database import Database
from presentations.database.models import COMPLETE, PROCESSING, Presentation
from presentations.library import Library


class Maker:
    """What a worker does to the rows."""

    def __init__(self, library: Library, database: Database) -> None:
        self.library, self.database = library, database

    def ask(self, topic: str, **values: Any) -> UUID:
        presentation_id = self.library.create("teacher", topic, 8).id
        self.write(presentation_id, **values)
        return presentation_id

    def write(self, presentation_id: UUID, **values: Any) -> None:
        with self.database.begin() as session:
            row = update(Presentation).where(Presentation.id == presentation_id)
            session.execute(row.values(queued_at=None, **values))

    def start(self, presentation_id: UUID, done: int) -> None:
        doing = {"message": "Generating slides", "slides_done": done, "slides_total": 8}
        self.write(presentation_id, status=PROCESSING, lease_owner=uuid4(), started_at=func.now(), **doing)

    def finish(self, presentation_id: UUID) -> None:
        url = "/presentation?id=abc"
        self.write(
            presentation_id, status=COMPLETE, lease_owner=None, completed_at=func.now(), message=None, presenton_url=url
        )


@pytest.fixture
def maker(library: Library, database: Database) -> Maker:
    return Maker(library, database)
