"""The audit log: who did what to whose thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, or_, select

from presentations.database.engine import Database
from presentations.database.models import AuditEntry
from presentations.errors import InvalidRequest, shown
from presentations.validation import whole_number

# presentation_audit.via may hold these: see schema.sql.
PAGE, API, COMMAND_LINE = "page", "api", "command line"
KEPT = timedelta(days=365)
LISTED = 100


@dataclass(frozen=True)
class Entries:
    """A part of the log, newest first. `next` is the cursor of the part after it, None on the last one."""

    items: Sequence[AuditEntry]
    next: str | None


class Audit:
    """The audit log in one database. Every verb raises Unavailable when that is away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, actor: str, via: str, action: str, *, whose: str | None = None, what: str | None = None) -> None:
        """Write down what was done; no words that a teacher wrote, and no secrets."""
        with self.database.single() as session:
            session.execute(insert(AuditEntry).values(actor=actor, via=via, action=action, whose=whose, what=what))

    def search(self, text: str = "", after: str | None = None) -> Entries:
        """The part of the log that follows the cursor `after`. All words of `text` are found in who, what or whose.

        Raises InvalidRequest.
        """
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(LISTED + 1)
        for word in text.replace("\x00", " ").lower().split():
            columns = (AuditEntry.actor, AuditEntry.via, AuditEntry.action, AuditEntry.whose, AuditEntry.what)
            query = query.where(or_(*(func.strpos(func.lower(column), word) > 0 for column in columns)))
        if after is not None:
            last = whole_number(after)
            if last is None:
                raise InvalidRequest("after", f"expected a cursor from an earlier part, got {shown(after)}")
            query = query.where(AuditEntry.id < last)
        with self.database.single() as session:
            found = session.scalars(query).all()
        return Entries(found[:LISTED], str(found[LISTED - 1].id) if len(found) > LISTED else None)
