"""A teacher's presentations as the pages show them: shelf by shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from presentations.database.models import PENDING, Presentation
from presentations.library import ATTENTION, FINISHED, IN_PROGRESS, KINDS, PUT_AWAY, Library, key_of
from presentations.web.pages.contents import Contents, Heading, contents_of_counts, contents_of_sections

DOZEN = 12
# A page that has only one shelf.
MANY = 48


@dataclass(frozen=True)
class Shelf:
    """A heading, and some of the presentations under it."""

    heading: Heading
    items: Sequence[Presentation]


@dataclass(frozen=True)
class Shelves:
    """The newest under each heading. A shelf that would be empty is not there."""

    contents: Contents
    shelves: list[Shelf]

    def of(self, kind: str) -> list[Shelf]:
        """The shelves of one kind; only the finished ones have several."""
        return [shelf for shelf in self.shelves if shelf.heading.kind == kind]

    @property
    def on_top(self) -> list[Shelf]:
        return self.of(IN_PROGRESS) + self.of(ATTENTION) + self.of(FINISHED)

    @property
    def cancelled(self) -> list[Shelf]:
        return self.of(PUT_AWAY)

    @property
    def in_progress(self) -> Sequence[Presentation]:
        return [item for shelf in self.of(IN_PROGRESS) for item in shelf.items]


def shelves_of(library: Library, user_id: str, outlines: int) -> Shelves:
    """All of a teacher's shelves; of what is in progress, so many outlines wait for an answer."""
    sections, names = library.sections(user_id, DOZEN)
    contents = contents_of_sections(sections, names, outlines)
    items = {(section.kind, section.subject): section.newest for section in sections}
    items = {heading: sorted(some, key=_turn) if heading[0] == IN_PROGRESS else some for heading, some in items.items()}
    headings = [heading for heading in contents.headings if (heading.kind, heading.key) in items]
    return Shelves(contents, [Shelf(heading, items[heading.kind, heading.key]) for heading in headings])


@dataclass(frozen=True)
class Part:
    """A part of a long list. `next` is the cursor of the part after it."""

    contents: Contents
    shelf: Shelf
    next: str | None


def shelf_of(library: Library, user_id: str, kind: str, name: str, after: str | None, outlines: int) -> Part:
    """The part of a shelf that follows the cursor `after`. Raises InvalidRequest."""
    subject = name if kind == FINISHED else None
    page = library.list(user_id, status=KINDS[kind], subject=subject, after=after, limit=MANY)
    contents = contents_of_counts(*library.counts(user_id), outlines)
    heading = contents.heading(kind, key_of(name) if kind == FINISHED else "", name)
    items = sorted(page.items, key=lambda one: not one.awaits_teacher)
    return Part(contents, Shelf(heading, items), page.next)


def _turn(presentation: Presentation) -> tuple[bool, bool, object]:
    return not presentation.awaits_teacher, presentation.status == PENDING, presentation.asked_at
