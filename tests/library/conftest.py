"""Alice's library, and what organises it."""

from __future__ import annotations

import pytest

from presentations.database import Database
from presentations.database.models import Presentation
from presentations.library import Library, Organiser
from tests.support.presentations import finished


@pytest.fixture
def organiser(library: Library) -> Organiser:
    return Organiser(library.database, library.engine)


@pytest.fixture
def three(library: Library, database: Database) -> list[Presentation]:
    """Alice's finished presentations, in Biology."""
    return [finished(library, database, "alice", f"Topic {n}", subject="Biology") for n in range(3)]
