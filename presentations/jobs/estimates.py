"""How long it still takes: from how long the newest presentations took, and who stands where in line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from presentations.database.models import PENDING, PROCESSING, Presentation

# What runs is never said to be done within a moment.
LEAST_SECONDS = 30


@dataclass(frozen=True)
class Outlook:
    """What can be said of the time to come. None: there is no ground for a number.

    `places` are those of waiting presentations in the line in front of the workers, 1 is next; `at_work` is how many
    are being made, `in_line` how many stand in line, `usual_slides` how many slides the newest ones have, all of
    everybody.
    """

    seconds_per_slide: float | None
    places: Mapping[UUID, int]
    at_work: int
    usual_slides: float | None = None
    in_line: int = 0

    def seconds_left(self, presentation: Presentation, now: datetime) -> int | None:
        """Until one that is being made is done; `now` is the time on the database's clock. None also when overdue."""
        left = self._left(presentation, now)
        return None if left is None or left < -LEAST_SECONDS else max(LEAST_SECONDS, round(left))

    def is_overdue(self, presentation: Presentation, now: datetime) -> bool:
        """Whether it should be done by now, or have got further: nothing is promised of such a one."""
        left = self._left(presentation, now)
        return left is not None and left < -LEAST_SECONDS

    def _left(self, presentation: Presentation, now: datetime) -> float | None:
        """Seconds; less than none, if it takes longer than was to be expected."""
        started = presentation.started_at
        # How long an outline takes does not follow from slides.
        if presentation.status != PROCESSING or started is None or presentation.needs_outline:
            return None
        slides = presentation.slides_total or presentation.n_slides
        done = min(presentation.slides_done or 0, slides)
        seen_at = min(presentation.progress_at or now, now)
        pace = (seen_at - started).total_seconds() / done if done else 0.0
        usual = self.seconds_per_slide
        if pace <= 0:
            return None if usual is None else usual * slides - (now - started).total_seconds()
        # Its own pace says more, the more of it is done.
        share = 1.0 if usual is None else done / slides
        per_slide = share * pace + (1 - share) * (usual or 0.0)
        return per_slide * (slides - done) - (now - seen_at).total_seconds()

    def seconds_to_start(self, presentation: Presentation) -> int | None:
        """Until one that stands in line is begun."""
        place = self.places.get(presentation.id)
        return None if presentation.status != PENDING or place is None else self._seconds_to(place)

    def seconds_to_make(self, n_slides: int) -> int | None:
        """Until one of so many slides is made that is asked for now. None also when nobody is at work on the line."""
        to_start = self._seconds_to(self.in_line + 1) if self.in_line else 0
        if self.seconds_per_slide is None or to_start is None:
            return None
        return to_start + round(self.seconds_per_slide * n_slides)

    def _seconds_to(self, place: int) -> int | None:
        """Until what stands at this place in line is begun."""
        if not self.at_work or self.seconds_per_slide is None or self.usual_slides is None:
            return None
        return round(place / self.at_work * self.seconds_per_slide * self.usual_slides)


def outlook_for(session: Session, presentations: Sequence[Presentation]) -> Outlook:
    """The outlook of these presentations, by one statement, or two when some of them stand in line."""
    per_slide, slides, at_work, in_line = session.execute(PACE).one()
    waiting = [str(p.id) for p in presentations if p.status == PENDING and p.queued_at is not None]
    rows = session.execute(PLACES, {"ids": waiting}).all() if waiting else []
    return Outlook(per_slide, {row.id: row.place for row in rows}, at_work, slides, in_line)


# Fewer than three say nothing.
PACE = text("""
    SELECT CASE WHEN count(*) >= 3 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds / n_slides) END,
           CASE WHEN count(*) >= 3 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY n_slides) END,
           (SELECT count(*) FROM presentation_jobs WHERE status = 'processing'),
           (SELECT count(*) FROM presentation_jobs WHERE queued_at IS NOT NULL)
    FROM (
        SELECT CAST(extract(epoch FROM completed_at - started_at) AS double precision) AS seconds, n_slides
        FROM presentation_jobs
        WHERE status = 'complete' AND completed_at > now() - interval '14 days' AND started_at < completed_at
        ORDER BY completed_at DESC LIMIT 50
    ) AS newest
""")

PLACES = text("""
    SELECT id, place
    FROM (
        SELECT id, row_number() OVER (ORDER BY queued_at, id) AS place
        FROM presentation_jobs WHERE queued_at IS NOT NULL
    ) AS line
    WHERE id = ANY (CAST(:ids AS uuid[]))
""")
