"""Slides as Markdown: what an outline is made of, and what a caller sends who wants just these."""

from __future__ import annotations

import re
from dataclasses import replace

from presentations.demo.outline import LONGEST_TITLE, Slide, in_one_line, lines_of

_MARKER = re.compile(r"(?:[-*+]|\d+[.)]) +")
_RULE = re.compile(r"[|:\- ]+")
_LONGEST_TITLE_OF_AN_OUTLINE = 100


def markdown_of(slide: Slide) -> str:
    """Recorded: a heading, points and an empty line."""
    return "\n".join((f"## {slide.title}", *(f"- {point}" for point in slide.points), "", ""))


def read_slide(markdown: str) -> Slide:
    """Its heading, or else its first line, is the title; what stands in `|` is a table; each other line is a point."""
    lines = lines_of(markdown)
    heading = next((line for line in lines if line.startswith("#")), lines[0] if lines else "")
    if heading:
        lines.remove(heading)
    points = tuple(_MARKER.sub("", line, count=1) for line in lines if not line.startswith("|"))
    slide = Slide(heading.lstrip("# ")[:LONGEST_TITLE] or "Untitled", points, " ".join(points[:1]))
    return replace(slide, table=_table(lines))


def _table(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    found = [line for line in lines if line.startswith("|") and not _RULE.fullmatch(line)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found]
    width = len(rows[0]) if rows else 0
    return tuple(tuple([*row, *[""] * width][:width]) for row in rows)


def title_of_outline(markdown: str) -> str:
    """Recorded: the title of a deck is the beginning of its first slide, in one line."""
    return in_one_line(" ".join(lines_of(markdown.replace("#", "")))[:_LONGEST_TITLE_OF_AN_OUTLINE]) or "Untitled"
