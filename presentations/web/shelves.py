"""A teacher's library as the page shows it: shelf by shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from presentations.library import Library
from presentations.models import PENDING, UNORGANIZED, Presentation
from presentations.sections import ATTENTION, FINISHED, IN_PROGRESS, KINDS, PUT_AWAY, Section
from presentations.subjects import key_of

DOZEN = 12
# A page that has only one shelf.
MANY = 48

_NAMES = {IN_PROGRESS: "In progress", ATTENTION: "Needs attention", PUT_AWAY: "Cancelled"}


@dataclass(frozen=True)
class Shelf:
    """Some of the presentations of one kind. The finished ones have a shelf for each subject, and the Unorganized."""

    kind: str
    key: str
    name: str
    count: int
    items: Sequence[Presentation]

    @property
    def anchor(self) -> str:
        """Its id on the page. A key is anything that somebody typed; an id has no spaces."""
        return f"subject-{self.key.encode().hex()}" if self.kind == FINISHED else self.kind

    @property
    def address(self) -> str:
        """The query of its own page."""
        return urlencode({"subject": self.name} if self.kind == FINISHED else {"of": self.kind})

    @property
    def is_subject(self) -> bool:
        return self.kind == FINISHED and self.key != UNORGANIZED


@dataclass(frozen=True)
class Shelves:
    """All that the page shows. A shelf that would be empty is not there."""

    in_progress: Shelf | None
    attention: Shelf | None
    finished: list[Shelf]
    cancelled: Shelf | None
    subjects: list[str]
    seen: str

    @property
    def is_empty(self) -> bool:
        return not any([self.in_progress, self.attention, self.finished, self.cancelled])

    def shows(self, presentation_id: str) -> bool:
        """Whether that one is among the finished ones shown."""
        return any(str(item.id) == presentation_id for shelf in self.finished for item in shelf.items)


def shelves_of(library: Library, user_id: str, seen: str) -> Shelves:
    """The newest of each shelf. `seen` is the mark of what was to be seen before they were looked for."""
    sections, names = library.sections(user_id, DOZEN)
    shelves = sorted((_shelf(section, names) for section in sections), key=_by_name)
    return Shelves(
        in_progress=_of_kind(shelves, IN_PROGRESS),
        attention=_of_kind(shelves, ATTENTION),
        finished=[shelf for shelf in shelves if shelf.kind == FINISHED],
        cancelled=_of_kind(shelves, PUT_AWAY),
        subjects=_in_order(names),
        seen=seen,
    )


@dataclass(frozen=True)
class ShelfPage:
    """A part of one shelf. `next` is the cursor of the part after it."""

    shelf: Shelf
    next: str | None
    subjects: list[str]


def shelf_page(library: Library, user_id: str, kind: str, name: str, after: str | None) -> ShelfPage:
    """The part of a shelf that follows the cursor `after`. Raises InvalidRequest."""
    subject = name if kind == FINISHED else None
    page = library.list(user_id, status=KINDS[kind], subject=subject, after=after, limit=MANY)
    counts, names = library.counts(user_id)
    key = key_of(name) if kind == FINISHED else ""
    number = sum(n for (status, filed), n in counts.items() if status in KINDS[kind] and key in ("", filed))
    shelf = Shelf(kind, key, _name(kind, key, names), number, page.items)
    return ShelfPage(shelf, page.next, _in_order(names))


def _shelf(section: Section, names: dict[str, str]) -> Shelf:
    items = sorted(section.newest, key=_turn) if section.kind == IN_PROGRESS else section.newest
    return Shelf(section.kind, section.subject, _name(section.kind, section.subject, names), section.count, items)


def _name(kind: str, key: str, names: dict[str, str]) -> str:
    if kind != FINISHED:
        return _NAMES[kind]
    return "Unorganized" if key == UNORGANIZED else names.get(key, key)


def _in_order(names: dict[str, str]) -> list[str]:
    return sorted(names.values(), key=str.casefold)


def _turn(presentation: Presentation) -> tuple[bool, object]:
    return presentation.status == PENDING, presentation.asked_at


def _by_name(shelf: Shelf) -> tuple[bool, str]:
    return shelf.is_subject, shelf.name.casefold()


def _of_kind(shelves: Iterable[Shelf], kind: str) -> Shelf | None:
    return next((shelf for shelf in shelves if shelf.kind == kind), None)
