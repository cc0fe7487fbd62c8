"""The list beside the presentations: what there is, how much of it, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from presentations.database.models import UNORGANIZED
from presentations.library import ATTENTION, FINISHED, IN_PROGRESS, PUT_AWAY, Section, by_section

_NAMES = {IN_PROGRESS: "In progress", ATTENTION: "Needs attention", PUT_AWAY: "Cancelled"}


@dataclass(frozen=True)
class Heading:
    """What a section is listed under: presentations of one kind; the finished ones by subject, or Unorganized."""

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
    """All headings of a library, the empty subjects among them; `outlines` of it wait for an answer."""

    headings: list[Heading]
    total: int
    outlines: int = 0

    @property
    def subjects(self) -> list[Heading]:
        return [heading for heading in self.headings if heading.is_subject]

    @property
    def others(self) -> list[Heading]:
        """What is no subject: the Unorganized, and what is not empty. The cancelled ones are out of the way."""
        shown = (heading for heading in self.headings if not heading.is_subject and heading.kind != PUT_AWAY)
        return [heading for heading in shown if heading.count or heading.kind == FINISHED]

    @property
    def is_busy(self) -> bool:
        """Whether something is being made, or is about to be."""
        return self.heading(IN_PROGRESS).count > self.outlines

    def heading(self, kind: str, key: str = "", name: str = "") -> Heading:
        """The heading of this kind and subject; a subject that is not there is an empty one of this name."""
        found = (heading for heading in self.headings if (heading.kind, heading.key) == (kind, key))
        return next(found, Heading(kind, key, name, 0))


def contents_of_sections(sections: Iterable[Section], names: Mapping[str, str], outlines: int) -> Contents:
    return _contents({(section.kind, section.subject): section.count for section in sections}, names, outlines)


def contents_of_counts(counts: Mapping[tuple[str, str], int], names: Mapping[str, str], outlines: int = 0) -> Contents:
    """The same from how many there are of each status and subject."""
    return _contents(by_section(counts), names, outlines)


def _contents(numbers: Mapping[tuple[str, str], int], names: Mapping[str, str], outlines: int) -> Contents:
    headings = [Heading(kind, "", name, numbers.get((kind, ""), 0)) for kind, name in _NAMES.items()]
    headings.append(Heading(FINISHED, UNORGANIZED, "Unorganized", numbers.get((FINISHED, UNORGANIZED), 0)))
    keys = {key for kind, key in numbers if kind == FINISHED} | names.keys()
    subjects = [Heading(FINISHED, key, names.get(key, key), numbers.get((FINISHED, key), 0)) for key in keys]
    subjects = [heading for heading in subjects if heading.is_subject]
    by_name = sorted(subjects, key=lambda heading: heading.name.casefold())
    return Contents(headings + by_name, sum(numbers.values()), outlines)
