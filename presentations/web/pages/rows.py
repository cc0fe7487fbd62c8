"""A list of topics as somebody types it, or copies it out of a spreadsheet, read into rows."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from presentations.validation import shows_nothing, whole_number

_HEADS = {
    "topic": ("topic", "topics", "title", "theme"),
    "slides": ("slides", "number of slides", "n_slides"),
    "subject": ("subject", "subjects", "class", "course"),
}
_NAMED = {head: name for name, heads in _HEADS.items() for head in heads}
_USUAL = ("topic", "slides", "subject")


@dataclass(frozen=True)
class Row:
    """One presentation of a list, as it was typed."""

    topic: str = ""
    slides: str = ""
    subject: str = ""

    @property
    def is_left_out(self) -> bool:
        return shows_nothing(self.topic)


@dataclass(frozen=True)
class Listed:
    """The rows of a list, and what stands in it that is not used: by the name or number of the column."""

    rows: list[Row]
    unused: tuple[str, ...] = ()


def read_list(text: str) -> Listed:
    """A topic for each line that shows something; topic, slides and subject where tabs are in it.

    A first line that names its columns may part them by semicolons or commas, too, as files of spreadsheets do.
    Anywhere else these belong to the topic.
    """
    lines = [line for line in text.splitlines() if not shows_nothing(line)]
    for mark in "\t;,":
        heads = [cell.strip() for cell in _cells(lines[0], mark)] if lines else []
        if "topic" in map(_named, heads):
            return _with_heads(heads, [_cells(line, mark) for line in lines[1:]])
    return _without_heads([[cell.strip() for cell in line.split("\t")] for line in lines])


def rows_of(sent: Mapping[str, str], most: int) -> list[Row]:
    """The rows of a table as a form sent them: topic-1, slides-1, subject-1, topic-2, ..."""
    numbers = (n for n in range(1, most + 1) if f"topic-{n}" in sent)
    return [Row(*(sent.get(f"{name}-{n}", "") for name in _USUAL)) for n in numbers]


def _named(head: str) -> str | None:
    return _NAMED.get(head.casefold())


def _cells(line: str, mark: str) -> list[str]:
    return line.split("\t") if mark == "\t" else next(csv.reader([line], delimiter=mark))


def _with_heads(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> Listed:
    places = {name: place for place, head in reversed(list(enumerate(heads))) if (name := _named(head))}
    rows = [Row(**{name: _cell(line, place) for name, place in places.items()}) for line in lines]
    others = [place for place in range(max(map(len, lines), default=0)) if place not in places.values()]
    used = [place for place in others if any(_cell(line, place) for line in lines)]
    return Listed(rows, tuple(heads[place] if place < len(heads) else f"column {place + 1}" for place in used))


def _without_heads(lines: Sequence[Sequence[str]]) -> Listed:
    rows = [Row(*_in_order(line)) for line in lines]
    longest = max(map(len, lines), default=0)
    more = [place for place in range(len(_USUAL), longest) if any(_cell(line, place) for line in lines)]
    return Listed(rows, tuple(f"column {place + 1}" for place in more))


def _in_order(cells: Sequence[str]) -> Sequence[str]:
    """Topic, slides and subject; of two, the second may be the subject."""
    if len(cells) == 2 and whole_number(cells[1]) is None:
        return [cells[0], "", cells[1]]
    return list(islice(cells, len(_USUAL)))


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
