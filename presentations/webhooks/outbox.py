"""Webhooks that are due and the line brought together, and old ones cleared away.

One delivery of each user is in line or being sent at a time: an endpoint that hangs holds up nobody else's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from presentations.database import Database
from presentations.database.models import Delivery
from presentations.jobs.queue import Entry, Line

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)

_LOCK = 723605
_PURGE_SECONDS = 3600.0
_PURGED_AT_ONCE = 5000


class Outbox:
    """The deliveries in one database, with the line in front of those who send them."""

    def __init__(self, database: Database, line: Line, patience: float) -> None:
        self._database = database
        self._line = line
        self._patience = timedelta(seconds=patience)
        self._purged_at = float("-inf")

    def run_once(self) -> None:
        """What the dispatcher does for presentations, for deliveries. Raises Unavailable or RedisError."""
        in_line = self._line.job_ids()
        with self._database.begin() as session:
            self._lock(session)
            lost = self._forget_lost_places(session, in_line)
            entries = _admit(session, None)
        self._line.remove(lost)
        self._push(entries)
        self._line.sweep()
        if time.monotonic() - self._purged_at > _PURGE_SECONDS:
            self._purged_at = time.monotonic()
            purge(self._database)

    def let_next_in(self, user_id: str) -> None:
        """Put a user's next due delivery in line. Raises Unavailable or RedisError."""
        with self._database.begin() as session:
            self._lock(session)
            entries = _admit(session, user_id)
        self._push(entries)

    def _lock(self, session: Session) -> None:
        # Two admissions at once would both see that nothing of a user is in line.
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    def _push(self, entries: Sequence[Entry]) -> None:
        # Should Redis go away here, their places count as lost after a while.
        for entry in entries:
            if entry.n > 1:
                self._line.remove([Entry(entry.id, entry.n - 1)])
            self._line.push(entry)

    def _forget_lost_places(self, session: Session, in_line: set[str]) -> Sequence[Entry]:
        """Take the mark from deliveries whose place in line was lost.

        One that was popped this moment may be among them: it is then in line twice, which its claim bears.
        """
        waiting = session.execute(
            select(Delivery.id, Delivery.line_entry).where(Delivery.queued_at < func.now() - self._patience)
        ).all()
        lost = [entry for entry in (Entry(*row) for row in waiting) if entry.job_id not in in_line]
        for entry in lost:
            log.warning("delivery %s: its place in line was lost", entry.id)
            session.execute(update(Delivery).where(Delivery.id == entry.id).values(queued_at=None))
        return lost


def purge(database: Database) -> int:
    """Delete deliveries older than 30 days, and webhooks of single presentations that are over as long; how many.

    Raises Unavailable.
    """
    purged = 0
    for statement in (_PURGE_DELIVERIES, _PURGE_WEBHOOKS):
        count = _PURGED_AT_ONCE
        while count == _PURGED_AT_ONCE:
            with database.begin() as session:
                count = len(session.execute(statement, {"kept": KEPT, "most": _PURGED_AT_ONCE}).all())
            purged += count
    if purged:
        log.info("%d old deliveries and webhooks of single presentations are cleared away", purged)
    return purged


def _admit(session: Session, user_id: str | None) -> list[Entry]:
    return [Entry(*row) for row in session.execute(ADMIT, {"user_id": user_id})]


ADMIT = text(
    """
    WITH next AS (
        SELECT DISTINCT ON (d.user_id) d.id, d.due_at
        FROM presentation_deliveries AS d JOIN presentation_webhooks AS w ON w.id = d.webhook_id
        WHERE d.status = 'waiting' AND d.due_at <= now() AND w.is_active
          AND (CAST(:user_id AS text) IS NULL OR d.user_id = :user_id)
          AND NOT EXISTS (
              SELECT FROM presentation_deliveries AS earlier
              WHERE earlier.webhook_id = d.webhook_id AND earlier.presentation_id = d.presentation_id
                AND earlier.status = 'waiting' AND earlier.number < d.number)
          AND NOT EXISTS (
              SELECT FROM presentation_deliveries AS in_line
              WHERE in_line.user_id = d.user_id AND in_line.queued_at IS NOT NULL)
          AND NOT EXISTS (
              SELECT FROM presentation_deliveries AS being_sent
              WHERE being_sent.user_id = d.user_id AND being_sent.claimed_by IS NOT NULL
                AND being_sent.claimed_until > now())
        ORDER BY d.user_id, d.due_at, d.number
    )
    UPDATE presentation_deliveries AS d SET queued_at = now(), line_entry = line_entry + 1
    FROM next WHERE d.id = next.id RETURNING d.id, d.line_entry
    """
)

_PURGE_DELIVERIES = text(
    """
    DELETE FROM presentation_deliveries WHERE id IN (
        SELECT id FROM presentation_deliveries WHERE created_at < now() - :kept LIMIT :most)
    RETURNING id
    """
)

_PURGE_WEBHOOKS = text(
    """
    DELETE FROM presentation_webhooks WHERE id IN (
        SELECT w.id FROM presentation_webhooks AS w LEFT JOIN presentation_jobs AS p ON p.id = w.presentation_id
        WHERE w.presentation_id IS NOT NULL
          AND (p.id IS NULL OR p.status NOT IN ('pending', 'processing') AND p.changed_at < now() - :kept)
          AND NOT EXISTS (SELECT FROM presentation_deliveries AS d WHERE d.webhook_id = w.id)
        LIMIT :most)
    RETURNING id
    """
)
