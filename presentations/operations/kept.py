"""How it stands with what is kept of decks: the space that it takes, and what could not be fetched yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Unfetched:
    """Complete presentations of which no file is kept yet.

    `waiting` are still to be fetched, the oldest of them since `oldest_unfetched` seconds (None: there is none);
    `failing` of these could not be had so far. `given_up` could not be had within a day, and are asked for no more.
    """

    waiting: int
    oldest_unfetched: float | None
    failing: int
    given_up: int


def unfetched(session: Session) -> Unfetched:
    """As it is now: the rows of what is due, and those with a problem."""
    return Unfetched(*session.execute(_UNFETCHED).one())


@dataclass(frozen=True)
class Space:
    """The bytes that are kept: of decks as they are shown, of their older versions, and of material.

    Pictures count with their version. What versions share counts for each: it is somewhat less.
    """

    decks: int
    versions: int
    material: int

    @property
    def all(self) -> int:
        return self.decks + self.versions + self.material


def space_of(session: Session) -> Space:
    """As it is now."""
    return Space(*map(int, session.execute(_BYTES).one()))


_UNFETCHED = text("""
    SELECT count(*) FILTER (WHERE due_at IS NOT NULL),
           CAST(extract(epoch FROM now() - min(coalesce(failing_since, least(due_at, now())))
                FILTER (WHERE due_at IS NOT NULL)) AS double precision),
           count(*) FILTER (WHERE due_at IS NOT NULL AND failing_since IS NOT NULL),
           count(*) FILTER (WHERE due_at IS NULL)
    FROM presentation_decks JOIN presentation_jobs USING (id)
    WHERE (due_at IS NOT NULL OR problem IS NOT NULL) AND version IS NULL AND status = 'complete'
""")

_BYTES = text("""
    WITH kept AS (
        SELECT presentation_id, version, size FROM presentation_files
        UNION ALL
        SELECT presentation_id, version, coalesce(small_size, 0) + coalesce(large_size, 0) FROM presentation_slides
    )
    SELECT coalesce(sum(size) FILTER (WHERE kept.version = jobs.version), 0),
           coalesce(sum(size) FILTER (WHERE kept.version IS DISTINCT FROM jobs.version), 0),
           coalesce((SELECT sum(size) FROM presentation_uploads WHERE deleted_at IS NULL), 0)
    FROM kept JOIN presentation_jobs AS jobs ON jobs.id = kept.presentation_id
""")
