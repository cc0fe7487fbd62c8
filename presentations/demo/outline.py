"""What a deck says: there is no language model here, so the same sensible questions are put to every topic."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST_TOPIC_ON_A_SLIDE = 60
# Characters that nobody sees, which a caller may put at the end of what it asks for.
UNSEEN = "\u200b\u200c\u200d\u2060"
_OUTLINE = Path(__file__).with_name("outline.txt")


@dataclass(frozen=True)
class Slide:
    title: str
    points: tuple[str, ...]
    note: str = ""
    changed: dict[str, Any] = field(default_factory=dict)
    """What an edit put over its content, beside title and points."""

    @property
    def content(self) -> dict[str, Any]:
        return {"title": self.title, "bulletPoints": list(self.points), "__speaker_note__": self.note} | self.changed


def title_of(content: str) -> str:
    """The first line of the content that says anything, without what no file or page can hold."""
    lines = (" ".join(_printable(line).split()) for line in content.rstrip(UNSEEN).splitlines())
    return next(filter(None, lines), "Untitled presentation")


def _printable(text: str) -> str:
    """Without control characters, halves of pairs and the two that XML forbids; line ends and tabs become spaces."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")


def write_slides(title: str, n_slides: int) -> list[Slide]:
    """`n_slides` slides with titles of their own: the title, what fits in between, and from three on a summary."""
    topic = title if len(title) <= LONGEST_TOPIC_ON_A_SLIDE else title[: LONGEST_TOPIC_ON_A_SLIDE - 1].rstrip() + "…"
    first = Slide(
        title, ("Made by the demo, not by Presenton",), f"Welcome everybody, and say why {topic} is worth it."
    )
    *middle, summary = _read_outline(topic)
    if n_slides < 3:
        return [first, *middle][:n_slides]
    return [first, *middle[: n_slides - 2], summary]


def _read_outline(topic: str) -> list[Slide]:
    slides = []
    for section in _OUTLINE.read_text("utf-8").split("# ")[1:]:
        title, *points = section.strip().split("\n- ")
        shown = tuple(point.replace("{topic}", topic) for point in points)
        slides.append(Slide(title, shown, f"Let them answer before you go on. {shown[0]}"))
    return slides
