"""A slide of an outline: Markdown, as Presenton writes and takes it, and the title and points that people edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_BREAK = re.compile(r"\r\n|\r|\n")
_HEADING = re.compile(r"#{1,6}[ \t]+([^ \t].*)")
_ITEM = re.compile(r"[-*+][ \t]+([^ \t].*)")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
# What is no sentence, and would be another thing as an item of a list: tables, code, lists in lists, quotes, ...
_MARKUP = re.compile(r"\s|\||>|</?[a-zA-Z!]|#{1,6}(\s|$)|\d+[.)]\s|[-*+](\s|$)|`{3}|~{3}|([-*_=]\s*){3,}$")


def read_slide(markdown: str) -> tuple[str, list[str]]:
    """The title and the points of a slide.

    The title is its first line, whether that is a heading or not; "" when it begins with a list or the like. A point is
    an item or another line. What is no sentence stays as it is, as lines of the point before it, or as one of its own.
    """
    lines = [line.rstrip() for line in _BREAK.split(markdown.strip("\r\n"))]
    first = next((number for number, line in enumerate(lines) if line), 0)
    heading = _HEADING.match(lines[first])
    if heading:
        return _one_line(heading[1]), _points(lines[first + 1 :])
    if _MARKUP.match(lines[first]):
        return "", _points(lines[first:])
    return _one_line(lines[first]), _points(lines[first + 1 :])


def write_slide(title: str, points: Sequence[str]) -> str:
    """A slide of this title and these points in Markdown, of which read_slide() makes the same again."""
    heading = _one_line(title)
    return "\n\n".join(filter(None, [f"# {heading}" if heading else "", "\n".join(_written(points, "- "))]))


def read_points(text: str) -> list[str]:
    """The points of a text that has one a line."""
    return _points(line.rstrip() for line in _BREAK.split(text))


def write_points(points: Sequence[str]) -> str:
    """Points as a text that has one a line, of which read_points() makes the same again."""
    return "\n".join(_written(points, ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _points(lines: Iterable[str]) -> list[str]:
    points: list[list[str]] = []
    goes_on = False
    for text, is_markup in _told_apart(lines):
        if is_markup and goes_on:
            points[-1].append(text)
        elif text:
            points.append([text])
        goes_on = is_markup or bool(text)
    return ["\n".join(point).rstrip("\n") for point in points]


def _written(points: Sequence[str], mark: str) -> Iterator[str]:
    for number, point in enumerate(points):
        for place, (text, is_markup) in enumerate(_told_apart(_BREAK.split(point))):
            if is_markup and number and not place:
                yield ""  # else it would belong to the point before
            if is_markup or text:
                yield text if is_markup else mark + text


def _told_apart(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each line without the mark of an item, and whether it is markup that has to stay as it is."""
    fence = ""
    for line in lines:
        item = _ITEM.fullmatch(line)
        text = item[1] if item and not _MARKUP.match(item[1]) else line
        is_markup = bool(fence or (text.strip() and _MARKUP.match(text)))
        yield (line if is_markup else text.strip()), is_markup
        opened = _FENCE.match(line)
        if fence:
            fence = "" if opened and opened[1].startswith(fence) and not line[opened.end() :].strip() else fence
        elif opened:
            fence = opened[1]
