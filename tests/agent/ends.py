"""Ends of presentations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from presentations.database import Database
from presentations.database.models import Presentation


def end(database: Database, asked: Presentation | str, status: str, **columns: Any) -> None:
    """Have a presentation end so."""
    presentation_id = asked if isinstance(asked, str) else str(asked.id)
    values = {"status": status, "queued_at": None, **columns}
    sets = ", ".join(f"{name} = :{name}" for name in values)
    with database.begin() as session:
        query = f"UPDATE presentation_jobs SET ended_at = now(), {sets} WHERE id = :id"
        session.execute(text(query), {"id": presentation_id, **values})
