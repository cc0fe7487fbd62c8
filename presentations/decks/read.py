"""The program that reads the words of a .pptx for `words.py`, in the sandbox.

    python -m presentations.decks.read FILE

It prints a JSON list: how many slides there are, and `[title, text, notes]` of each of the first.
What it cannot make anything of ends it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from pptx.exc import InvalidXmlError
from pptx.oxml import parse_xml
from pptx.package import Package
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from presentations.bidi import is_right_to_left
from presentations.decks.bounds import MOST_SLIDES, MOST_TEXT, MOST_TITLE

_MOST_SHAPES = 2_000
# One more than is kept says that there was more.
_ENOUGH_TITLE, _ENOUGH = MOST_TITLE + 1, MOST_TEXT + 1
# Tops of shapes that stand beside each other differ by a little; in EMU (914,400 to an inch).
_SAME_ROW = 180_000
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What stands on each slide alike: the date, the number, the footer.
_FURNITURE = {"dt", "sldNum", "ftr"}
# python-pptx and PowerPoint describe a picture by the name of its file until somebody writes words.
_FILE_NAMES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".heic")


@dataclass(frozen=True)
class Block:
    """What one shape says, line by line; `size` is that of its largest letters (hundredths of a point), 0: not said."""

    lines: list[str]
    size: int = 0
    is_title: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)[:_ENOUGH]


class Place(NamedTuple):
    """Where the shape with this number stands (in EMU)."""

    top: int
    left: int
    number: int


def read(file: str) -> tuple[int, list[list[str]]]:
    """How many slides there are, hidden ones among them; title, text and notes of the first, in their order."""
    slides = Package.open(file).main_document_part.presentation.slides
    return len(slides), [_words(slide) for slide in islice(slides, MOST_SLIDES)]


def _words(slide: Slide) -> list[str]:
    _leave_newer(slide.element)
    is_from_right = is_right_to_left(" ".join(_paragraphs(slide.element)))
    blocks = list(_blocks(slide.shapes, is_from_right, slide.shapes.title))
    title = _title(blocks)
    text = "\n".join(block.text for block in blocks if block is not title)
    heading = "" if title is None else " ".join(title.lines)
    return [heading[:_ENOUGH_TITLE], text[:_ENOUGH], _notes(slide)[:_ENOUGH]]


def _leave_newer(slide: Any) -> None:
    """Where a slide has something twice, such as a formula and its picture for older programs, leave the newer one."""
    for both in list(slide.iter(f"{_COMPATIBILITY}AlternateContent")):
        newer = next(both.iter(f"{_COMPATIBILITY}Choice"), ())
        for child in list(newer):
            both.addprevious(child)
        both.getparent().remove(both)


def _blocks(shapes: Iterable[Any], is_from_right: bool, title: Any = None) -> Iterator[Block]:
    """What the shapes say in the order in which they are read: row by row, each from the left or from the right."""
    for shape in _in_order(list(islice(shapes, _MOST_SHAPES)), is_from_right):
        is_title = title is not None and shape.element is title.element
        if isinstance(shape, GroupShape):
            yield from _said([_description(shape)])
            yield from _blocks(shape.shapes, is_from_right)
        else:
            yield from _said(_lines(shape), _size(shape.element), is_title)


def _said(lines: list[str], size: int = 0, is_title: bool = False) -> Iterator[Block]:
    if lines := [line for line in lines if line.strip()]:
        yield Block(lines, size, is_title)


def _in_order(shapes: list[Any], is_from_right: bool) -> list[Any]:
    rows: list[list[Place]] = []
    for place in sorted(_place(shape, number) for number, shape in enumerate(shapes)):
        if rows and place.top - rows[-1][0].top <= _SAME_ROW:
            rows[-1].append(place)
        else:
            rows.append([place])
    for row in rows:
        row.sort(key=lambda place: (-place.left if is_from_right else place.left, place.number))
    return [shapes[place.number] for row in rows for place in row]


def _place(shape: Any, number: int) -> Place:
    # A placeholder asks its layout, and that its master. Where all that is wrong, its words are there all the same.
    try:
        return Place(shape.top or 0, shape.left or 0, number)
    except (InvalidXmlError, AttributeError, KeyError, ValueError):
        return Place(0, 0, number)


def _lines(shape: Any) -> list[str]:
    element = shape.element
    if any(kind.get("type") in _FURNITURE for kind in element.iter("{*}ph")):
        return []
    if rows := list(element.iter(f"{_A}tr")):
        return [_row(" ".join(_paragraphs(cell)) for cell in row.iter(f"{_A}tc")) for row in rows]
    return _paragraphs(element) or [_description(shape), *_drawn(shape)]


def _row(cells: Iterable[str]) -> str:
    return " | ".join(cells)


def _drawn(shape: Any) -> list[str]:
    """The texts of a diagram (SmartArt), or the titles, series and categories of a chart, from parts of their own."""
    for diagram in _parts(shape, f"{_DIAGRAM}relIds", f"{_RELATION}dm"):
        return _paragraphs(diagram)
    for chart in _parts(shape, f"{_CHART}chart", f"{_RELATION}id"):
        series = (one.text or "" for one in chart.iterfind(f".//{_CHART}ser/{_CHART}tx//{_CHART}v"))
        categories = chart.iterfind(f".//{_CHART}ser[1]/{_CHART}cat//{_CHART}v")
        return [*_paragraphs(chart), _row(series), _row(one.text or "" for one in categories)]
    return []


def _parts(shape: Any, tag: str, attribute: str) -> Iterator[Any]:
    keys = (element.get(attribute) for element in shape.element.iter(tag))
    return (parse_xml(shape.part.related_part(key).blob) for key in keys if key in shape.part.rels)


def _paragraphs(element: Any) -> list[str]:
    lines = ("".join(map(_piece, one.iter(f"{_A}t", f"{_A}br", f"{_MATHS}t"))) for one in element.iter(f"{_A}p"))
    return [line for line in lines if line.strip()]


def _piece(element: Any) -> str:
    return " " if element.tag == f"{_A}br" else (element.text or "")[:_ENOUGH]


def _description(shape: Any) -> str:
    """What somebody wrote about a picture, diagram or group, for those who do not see it."""
    found = next((one.get("descr", "") for one in shape.element.iter("{*}cNvPr")), "")
    return "" if found.strip().lower().endswith(_FILE_NAMES) else found


def _size(element: Any) -> int:
    sizes = (run.get("sz", "") for run in element.iter(f"{_A}rPr"))
    return max((int(size) for size in sizes if size.isdecimal()), default=0)


def _title(blocks: list[Block]) -> Block | None:
    """The title of its layout; or, since Presenton makes its slides of boxes only, what has the largest letters."""
    if named := [block for block in blocks if block.is_title]:
        return named[0]
    short = [block for block in blocks if block.size and len(block.text) <= MOST_TITLE]
    short = [block for block in short if any(map(str.isalpha, block.text))]
    return max(short, key=lambda block: block.size, default=None)


def _notes(slide: Slide) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return "" if frame is None else "\n".join(_paragraphs(frame._element))


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout, ensure_ascii=False)
