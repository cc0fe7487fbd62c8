"""Presentations of Rosa's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from presentations.database.models import Presentation
from presentations.jobs import Entry
from presentations.library import Library


def asked(library: Library, topic: str = "Volcanoes", **values: Any) -> str:
    one = library.create("teacher", topic)
    if values:
        with library.database.begin() as session:
            row = update(Presentation).where(Presentation.id == one.id)
            session.execute(row.values(queued_at=None, **values))
        library.engine.leave([Entry(one.id, one.line_entry)])
    return str(one.id)
