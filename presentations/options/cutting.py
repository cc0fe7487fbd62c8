"""A text whose wording is kept, cut into slides."""

from __future__ import annotations

from itertools import groupby

# A first line of at most so many characters, with more below it, is the slide's heading.
_LONGEST_HEADING = 80


def cuts(text: str) -> tuple[str, ...]:
    """The slides of a text, in Markdown: its parts between lines of ---, else its paragraphs."""
    lines = [line.rstrip() for line in text.splitlines()]
    is_cut = _is_rule if any(map(_is_rule, lines)) else _is_blank
    parts = ("\n".join(part).strip() for cut, part in groupby(lines, is_cut) if not cut)
    return tuple(_slide(part) for part in parts if part)


def _is_rule(line: str) -> bool:
    mark = line.strip()
    return len(mark) >= 3 and set(mark) == {"-"}


def _is_blank(line: str) -> bool:
    return not line.strip()


def _slide(part: str) -> str:
    heading, _, rest = part.partition("\n")
    is_heading = rest and len(heading) <= _LONGEST_HEADING and not heading.startswith(("#", "-", "*", "|", ">"))
    return f"# {heading}\n{rest}" if is_heading else part
