"""The sections of a teacher's library: how much is in each, and its newest presentations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    DELETED,
    ERROR,
    PENDING,
    PROCESSING,
    UNORGANIZED,
    Presentation,
    Subject,
)

IN_PROGRESS = "in-progress"
ATTENTION = "attention"
FINISHED = "finished"
PUT_AWAY = "cancelled"

KINDS = {
    IN_PROGRESS: (PENDING, PROCESSING),
    ATTENTION: (ERROR,),
    FINISHED: (COMPLETE,),
    PUT_AWAY: (CANCELLED,),
}
_KIND_OF = {status: kind for kind, statuses in KINDS.items() for status in statuses}


@dataclass
class Section:
    """Presentations of one kind; finished ones are of one subject, all others of any (`subject` is "")."""

    kind: str
    subject: str
    count: int = 0
    newest: list[Presentation] = field(default_factory=list)


@dataclass(frozen=True)
class SubjectCount:
    """A subject and how many finished presentations are filed under it."""

    key: str
    name: str
    count: int


def sections_of(session: Session, user_id: str, most: int) -> list[Section]:
    """All of a user's sections that are not empty, each with at most `most` of its presentations, newest first.

    `session` is a snapshot: one that changed between the statements would be in no section.
    """
    counts = count(session, user_id)
    sections = {section: Section(*section, number) for section, number in by_section(counts).items()}
    for presentation in _newest(session, user_id, list(counts), most):
        sections[_section_of(presentation.status, presentation.subject)].newest.append(presentation)
    return list(sections.values())


def count(session: Session, user_id: str) -> dict[tuple[str, str], int]:
    """How many presentations a user has of each status and subject."""
    query = (
        select(Presentation.status, Presentation.subject, func.count())
        .where(Presentation.user_id == user_id, Presentation.status != DELETED)
        .group_by(Presentation.status, Presentation.subject)
    )
    return {(status, subject): number for status, subject, number in session.execute(query)}


def names_of(session: Session, user_id: str) -> dict[str, str]:
    """The names of a user's subjects, by their keys."""
    query = select(Subject.key, Subject.name).where(Subject.user_id == user_id)
    return dict(session.execute(query).all())


def subjects_of(in_all: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> list[SubjectCount]:
    """The subjects of these counts and names, by name; first the Unorganized."""
    counts = {key: number for (status, key), number in in_all.items() if status == COMPLETE}
    first = SubjectCount(UNORGANIZED, "Unorganized", counts.pop(UNORGANIZED, 0))
    others = [SubjectCount(key, names.get(key) or key, counts.get(key, 0)) for key in counts.keys() | names.keys()]
    return [first, *sorted(others, key=lambda subject: subject.name.casefold())]


def latest_change(session: Session, user_id: str) -> str:
    """A mark that differs once anything of a user's has changed, or the place in line of what waits, or the notices.

    It is the same after a mere renewal of a lease.
    """
    return str(session.scalar(LATEST_CHANGE, {"user_id": user_id}))


def by_section(counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """How many there are of each kind and subject, from how many there are of each status and subject."""
    numbers: dict[tuple[str, str], int] = {}
    for (status, subject), number in counts.items():
        section = _section_of(status, subject)
        numbers[section] = numbers.get(section, 0) + number
    return numbers


def _section_of(status: str, subject: str) -> tuple[str, str]:
    kind = _KIND_OF[status]
    return kind, subject if kind == FINISHED else ""


def _newest(session: Session, user_id: str, groups: Sequence[tuple[str, str]], most: int) -> Sequence[Presentation]:
    wanted = {
        "sections": ["/".join(_section_of(*group)) for group in groups],
        "statuses": [status for status, _ in groups],
        "subjects": [subject for _, subject in groups],
    }
    query = select(Presentation).from_statement(NEWEST)
    return session.scalars(query, wanted | {"user_id": user_id, "most": most}).all()


# What is being made comes before what waits, however new that is.
NEWEST = text("""
    SELECT * FROM (
        SELECT newest.*,
               row_number() OVER (PARTITION BY section ORDER BY newest.status DESC, created_at DESC, id DESC) AS number
        FROM unnest(CAST(:sections AS text[]), CAST(:statuses AS text[]), CAST(:subjects AS text[]))
             AS wanted (section, status, subject)
        CROSS JOIN LATERAL (
            SELECT * FROM presentation_jobs
            WHERE user_id = :user_id AND status = wanted.status AND subject = wanted.subject
            ORDER BY created_at DESC, id DESC LIMIT :most
        ) AS newest
    ) AS placed
    WHERE number <= :most ORDER BY number
""")

# More than the last change: of two at once, the earlier one may be committed last.
LATEST_CHANGE = text("""
    SELECT concat(
        (SELECT string_agg(CAST(changed_at AS text), ' ') FROM (
            SELECT changed_at FROM presentation_jobs WHERE user_id = :user_id ORDER BY changed_at DESC LIMIT 20
        ) AS latest),
        (SELECT string_agg(concat(key, chr(31), name), chr(30) ORDER BY key)
         FROM presentation_subjects WHERE user_id = :user_id),
        (SELECT string_agg(CAST(place AS text), ' ' ORDER BY place) FROM (
            SELECT (SELECT count(*) FROM presentation_jobs AS other
                    WHERE other.queued_at IS NOT NULL AND (other.queued_at, other.id) <= (mine.queued_at, mine.id))
            FROM presentation_jobs AS mine WHERE user_id = :user_id AND queued_at IS NOT NULL
        ) AS line (place)),
        (SELECT concat(pause_reason, chr(31), notice) FROM presentation_controls WHERE is_only)
    )
""")
