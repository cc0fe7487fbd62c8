"""The list beside the presentations: what there is, how much of it, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from presentations.database.models import UNORGANIZED
from presentations.library import ATTENTION, FINISHED, IN_PROGRESS, PUT_AWAY, Section, by_section

_NAMES = {IN_PROGRESS: "In progress", ATTENTION: "Needs attention", PUT_AWAY: "Cancelled"}


@dataclass(frozen=True)
class Place:
    """Where presentations stand: those of one kind; the finished ones by subject, or Unorganized."""

    kind: str
    key: str
    name: str
    count: int

    @property
    def anchor(self) -> str:
        """Its id on the library page. A key is anything that somebody typed; an id has no spaces."""
        return f"subject-{self.key.encode().hex()}" if self.kind == FINISHED else self.kind

    @property
    def query(self) -> str:
        """The query of its own page."""
        return urlencode({"subject": self.name} if self.kind == FINISHED else {"of": self.kind})

    @property
    def is_subject(self) -> bool:
        return self.kind == FINISHED and self.key != UNORGANIZED


@dataclass(frozen=True)
class Contents:
    """All places of a library, the empty subjects among them."""

    places: list[Place]
    total: int

    @property
    def subjects(self) -> list[Place]:
        return [place for place in self.places if place.is_subject]

    @property
    def others(self) -> list[Place]:
        """What is no subject: the Unorganized, and what is not empty. The cancelled ones are out of the way."""
        shown = (place for place in self.places if not place.is_subject and place.kind != PUT_AWAY)
        return [place for place in shown if place.count or place.kind == FINISHED]

    @property
    def is_busy(self) -> bool:
        """Whether something is being made."""
        return self.place(IN_PROGRESS).count > 0

    def place(self, kind: str, key: str = "", name: str = "") -> Place:
        """The place of this kind and subject; a subject that is not there is an empty one of this name."""
        found = (place for place in self.places if (place.kind, place.key) == (kind, key))
        return next(found, Place(kind, key, name, 0))


def contents_of_sections(sections: Iterable[Section], names: Mapping[str, str]) -> Contents:
    return _contents({(section.kind, section.subject): section.count for section in sections}, names)


def contents_of_counts(counts: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> Contents:
    """The same from how many there are of each status and subject."""
    return _contents(by_section(counts), names)


def _contents(numbers: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> Contents:
    places = [Place(kind, "", name, numbers.get((kind, ""), 0)) for kind, name in _NAMES.items()]
    places.append(Place(FINISHED, UNORGANIZED, "Unorganized", numbers.get((FINISHED, UNORGANIZED), 0)))
    keys = {key for kind, key in numbers if kind == FINISHED} | names.keys()
    subjects = [Place(FINISHED, key, names.get(key, key), numbers.get((FINISHED, key), 0)) for key in keys]
    subjects = [place for place in subjects if place.is_subject]
    return Contents(places + sorted(subjects, key=lambda place: place.name.casefold()), sum(numbers.values()))
