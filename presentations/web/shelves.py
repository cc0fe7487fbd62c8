"""A teacher's library as the page shows it: shelf by shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from presentations.library import Library, SubjectCount
from presentations.models import CANCELLED, COMPLETE, ERROR, PENDING, PROCESSING, UNORGANIZED, Presentation


@dataclass(frozen=True)
class Shelf:
    """The finished presentations of a subject, newest first; those of none are on the first one, Unorganized."""

    key: str
    name: str
    items: list[Presentation]

    @property
    def anchor(self) -> str:
        """Its id on the page. A key is anything that somebody typed; an id has no spaces."""
        return f"subject-{self.key.encode().hex()}"

    @property
    def is_subject(self) -> bool:
        return self.key != UNORGANIZED


@dataclass(frozen=True)
class Shelves:
    """All that the page shows."""

    in_progress: list[Presentation]
    attention: list[Presentation]
    finished: list[Shelf]
    cancelled: list[Presentation]
    subjects: list[str]

    @property
    def is_empty(self) -> bool:
        return not any([self.in_progress, self.attention, self.finished, self.cancelled])


def shelves_of(library: Library, user_id: str) -> Shelves:
    return _sorted(library.list(user_id).items, library.subjects(user_id))


def _sorted(presentations: Sequence[Presentation], subjects: Iterable[SubjectCount]) -> Shelves:
    shelves = {s.key: Shelf(s.key, s.name, []) for s in subjects}
    for presentation in _with(presentations, COMPLETE):
        key = presentation.subject
        # A subject that is newer than the look at the subjects is shown by its key until the next look.
        shelves.setdefault(key, Shelf(key, key, [])).items.append(presentation)
    return Shelves(
        in_progress=sorted(_with(presentations, PENDING, PROCESSING), key=lambda p: (p.status == PENDING, p.asked_at)),
        attention=_with(presentations, ERROR),
        finished=[shelf for shelf in shelves.values() if shelf.items],
        cancelled=_with(presentations, CANCELLED),
        subjects=[shelf.name for shelf in shelves.values() if shelf.is_subject],
    )


def _with(presentations: Iterable[Presentation], *statuses: str) -> list[Presentation]:
    return [p for p in presentations if p.status in statuses]
