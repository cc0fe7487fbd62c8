"""What somebody looks for, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from presentations.database.models import Presentation
from presentations.library import KINDS, Library
from presentations.options import MAX_GRADE
from presentations.web.addresses import words_of
from presentations.web.pages.contents import Contents, contents_of_counts
from presentations.web.pages.shelves import MANY

SORTS = {"newest": "Newest first", "oldest": "Oldest first", "title": "By title"}


@dataclass(frozen=True)
class Search:
    """What the address bar says of it. Words that make no sense in it are passed over."""

    text: str
    kind: str
    sort: str
    grade: str
    after: str | None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Search:
        kind, sort = given.get("of", ""), given.get("sort", "")
        return cls(
            text=words_of(given),
            kind=kind if kind in KINDS else "",
            sort=sort if sort in SORTS else next(iter(SORTS)),
            grade=given.get("grade", "").strip()[:MAX_GRADE],
            after=given.get("after"),
        )

    def query(self, after: str | None = None) -> str:
        """The same as a query, at another part of what was found."""
        parts = {"q": self.text, "of": self.kind, "sort": self.sort, "grade": self.grade, "after": after}
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True)
class Found:
    """A part of what was found, of `count` in all. `next` is the cursor of the part after it.

    `slides` says on which slide of a presentation the words are, where they are not in its title; `grades`
    are those to choose from.
    """

    contents: Contents
    items: Sequence[Presentation]
    count: int
    next: str | None
    slides: Mapping[UUID, int]
    grades: Sequence[str]


def found(library: Library, user_id: str, search: Search, outlines: int) -> Found:
    """What there is of a search. Raises InvalidRequest for a cursor that is none."""
    status = KINDS[search.kind] if search.kind else None
    wanted: dict[str, Any] = {"status": status, "text": search.text, "grade": search.grade or None}
    page = library.list(user_id, **wanted, sort=search.sort, after=search.after, limit=MANY)
    is_all = page.next is None and search.after is None
    count = len(page.items) if is_all else library.count_matching(user_id, **wanted)
    slides = library.slides_with(user_id, page.items, search.text)
    contents = contents_of_counts(*library.counts(user_id), outlines)
    return Found(contents, page.items, count, page.next, slides, library.grades(user_id))
