"""What a deck says: there is no language model here, so the same sensible questions are put to every topic."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST_TITLE = 500
LONGEST_TOPIC_ON_A_SLIDE = 60
# Characters that nobody sees, which a caller may put at the end of what it asks for.
UNSEEN = "\u200b\u200c\u200d\u2060"
_OUTLINE = Path(__file__).with_name("outline.txt")


@dataclass(frozen=True)
class Slide:
    title: str
    points: tuple[str, ...]
    note: str = ""
    picture: str = ""
    """What can be seen in its picture; none has no picture."""
    table: tuple[tuple[str, ...], ...] = ()
    """Its rows, the first of them headings."""
    changed: dict[str, Any] = field(default_factory=dict)
    """What an edit put over its content, beside title and points."""

    @property
    def content(self) -> dict[str, Any]:
        return {"title": self.title, "bulletPoints": list(self.points), "__speaker_note__": self.note} | self.changed


def title_of(content: str) -> str:
    """The first line of the content that says anything, without what no file or page can hold."""
    return next(iter(lines_of(content)), "Untitled")[:LONGEST_TITLE]


def lines_of(text: str) -> list[str]:
    """The lines that say anything, each without what no file or page can hold."""
    return [line for line in map(in_one_line, text.rstrip(UNSEEN).splitlines()) if line]


def in_one_line(text: str) -> str:
    """`text` without what no file or page can hold."""
    return " ".join(_printable(text).split())


def _printable(text: str) -> str:
    """Without control characters, halves of pairs and the two that XML forbids; line ends and tabs become spaces."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")


def in_brief(text: str) -> str:
    """What of it fits where a topic stands on a slide."""
    is_short = len(text) <= LONGEST_TOPIC_ON_A_SLIDE
    return text if is_short else text[: LONGEST_TOPIC_ON_A_SLIDE - 1].rstrip() + "…"


def write_slides(title: str, n_slides: int) -> list[Slide]:
    """`n_slides` slides with titles of their own: the title, what fits in between, and from three on a summary."""
    topic = in_brief(title)
    first = Slide(
        title, ("Made by the demo, not by Presenton",), f"Welcome everybody, and say why {topic} is worth it."
    )
    *middle, summary = _read_outline(topic)
    if n_slides < 3:
        return [first, *middle][:n_slides]
    return [first, *middle[: n_slides - 2], summary]


def _read_outline(topic: str) -> list[Slide]:
    return [_read_slide(part.replace("{topic}", topic)) for part in _OUTLINE.read_text("utf-8").split("# ")[1:]]


def _read_slide(section: str) -> Slide:
    """A title, and below it points ("- "), what a picture shows ("! ") and the rows of a table ("| a | b |")."""
    title, *lines = section.strip().splitlines()
    points = tuple(line[2:] for line in lines if line.startswith("- "))
    picture = "".join(line[2:] for line in lines if line.startswith("! "))
    rows = tuple(tuple(map(str.strip, line.strip("|").split("|"))) for line in lines if line.startswith("|"))
    return Slide(title, points, f"Let them answer before you go on. {points[0]}", picture, rows)
