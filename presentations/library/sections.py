"""The sections of a teacher's library: how much is in each, and its newest presentations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from presentations.database import read_only
from presentations.database.models import (
    CANCELLED,
    COMPLETE,
    ERROR,
    PENDING,
    PROCESSING,
    UNORGANIZED,
    Presentation,
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


def sections_of(session: Session, user_id: str, most: int) -> tuple[list[Section], dict[str, str]]:
    """All of a user's sections that are not empty, and the names of all subjects by their keys.

    Each section has at most `most` of its presentations, newest first. They have what _ON_CARDS names, and no more.
    """
    counts: dict[tuple[str, str], int] = {}
    names: dict[str, str] = {}
    newest: list[Presentation] = []
    for *values, status, subject, number, key, name in session.execute(SECTIONS, {"user_id": user_id, "most": most}):
        if status is not None:
            counts[status, subject] = number
        if key is not None:
            names[key] = name
        if values[0] is not None:
            newest.append(read_only(Presentation, dict(zip(_NAMES, values, strict=True))))
    sections = {section: Section(*section, number) for section, number in by_section(counts).items()}
    for presentation in newest:
        sections[_section_of(presentation.status, presentation.subject)].newest.append(presentation)
    return list(sections.values()), names


def counts_of(session: Session, user_id: str) -> tuple[dict[tuple[str, str], int], dict[str, str]]:
    """How many presentations a user has of each status and subject, and the names of all subjects by their keys."""
    rows = session.execute(COUNTS, {"user_id": user_id}).all()
    counts = {(status, subject): number for status, subject, number, *_ in rows if status is not None}
    return counts, {key: name for *_, key, name in rows if key is not None}


def subjects_of(in_all: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> list[SubjectCount]:
    """The subjects of these counts and names, by name; first the Unorganized."""
    counts = {key: number for (status, key), number in in_all.items() if status == COMPLETE}
    first = SubjectCount(UNORGANIZED, "Unorganized", counts.pop(UNORGANIZED, 0))
    others = [SubjectCount(key, names.get(key) or key, counts.get(key, 0)) for key in counts.keys() | names.keys()]
    return [first, *sorted(others, key=lambda subject: subject.name.casefold())]


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


# The groups of a user's presentations, and each subject: also an empty one, which belongs to no group.
_COUNTED = """
    WITH counted AS (
        SELECT status, subject, count(*) AS number FROM presentation_jobs
        WHERE user_id = :user_id AND status <> 'deleted' GROUP BY status, subject
    ), named AS (
        SELECT key, name FROM presentation_subjects WHERE user_id = :user_id
    )
"""
COUNTS = text(
    f"{_COUNTED} SELECT status, subject, number, key, name FROM counted FULL JOIN named ON key = subject"  # noqa: S608
)

# What a card says; the rest of a row is several times as long.
_ON_CARDS = (
    Presentation.id,
    Presentation.status,
    Presentation.subject,
    Presentation.topic,
    Presentation.title,
    Presentation.n_slides,
    Presentation.created_at,
    Presentation.asked_at,
    Presentation.started_at,
    Presentation.completed_at,
    Presentation.outline_first,
    Presentation.outlined_at,
    Presentation.awaits_teacher_since,
    Presentation.opened_at,
    Presentation.queued_at,
    Presentation.message,
    Presentation.slides_done,
    Presentation.slides_total,
    Presentation.progress_at,
    Presentation.error,
    Presentation.error_detail,
    Presentation.version,
    Presentation.cover,
)
_NAMES = [column.key for column in _ON_CARDS]
_COLUMNS = ", ".join(_NAMES)

_WAITS_FOR_TEACHER = "(status = 'pending' AND awaits_teacher_since IS NOT NULL)"

# What waits for its teacher comes first, however old it is; then what is being made, then what waits for a worker. A
# group may have none among its section's newest.
SECTIONS = text(f"""
    {_COUNTED}, placed AS (
        SELECT newest.*, row_number() OVER (
            PARTITION BY CASE newest.status WHEN 'pending' THEN 'processing' ELSE newest.status END,
                         CASE newest.status WHEN 'complete' THEN newest.subject END
            ORDER BY {_WAITS_FOR_TEACHER} DESC,
                     newest.status DESC, created_at DESC, id DESC
        ) AS place
        FROM (
            (SELECT newest.* FROM counted AS wanted CROSS JOIN LATERAL (
                SELECT {_COLUMNS} FROM presentation_jobs
                WHERE user_id = :user_id AND status = wanted.status AND subject = wanted.subject
                  AND NOT {_WAITS_FOR_TEACHER}
                ORDER BY created_at DESC, id DESC LIMIT :most
            ) AS newest)
            UNION ALL
            (SELECT {_COLUMNS} FROM presentation_jobs WHERE user_id = :user_id AND {_WAITS_FOR_TEACHER}
             ORDER BY created_at DESC, id DESC LIMIT :most)
        ) AS newest
    )
    SELECT {", ".join(f"placed.{name}" for name in _NAMES)},
           counted.status, counted.subject, number, key, name
    FROM counted
    LEFT JOIN placed ON (placed.status, placed.subject) = (counted.status, counted.subject) AND place <= :most
    FULL JOIN named ON key = counted.subject
    ORDER BY place
""")  # noqa: S608 (of names that stand here)
