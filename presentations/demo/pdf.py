"""A deck as a PDF file, a page for each slide."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.fonts import FontFace, TTFFont

from presentations.demo.directions import is_right_to_left
from presentations.demo.fonts import OWN_FONTS, fonts_for, letters_of
from presentations.demo.mind_map import mind_map
from presentations.demo.outline import Slide

log = logging.getLogger(__name__)

_WIDTH, _HEIGHT, _MARGIN, _BAR = 960, 540, 65, 18
_INNER = _WIDTH - 2 * _MARGIN
_PICTURE_WIDTH = 330
_INK, _ACCENT, _QUIET, _PAPER = (31, 41, 51), (47, 111, 107), (89, 99, 110), (255, 255, 255)
_LINE = 1.35
"""The height of a line, in sizes of its letters."""


def write_pdf(slides: list[Slide], file: Path) -> None:
    """Write the slides to `file`; a deck without any has one empty page. Letters that no font knows become "?"."""
    text = "".join(text for slide in slides for text in _texts(slide))
    try:
        written = _written(slides, fonts_for(text))
    except Exception:
        log.warning("a font of this computer cannot be used: the PDF is written without it", exc_info=True)
        written = _written(slides, OWN_FONTS)
    file.write_bytes(written)


def _written(slides: list[Slide], fonts: Sequence[Path]) -> bytes:
    pdf = FPDF(unit="pt", format=(_WIDTH, _HEIGHT))
    pdf.set_auto_page_break(False)  # what does not fit on its page is cut: there are as many pages as slides
    pdf.set_lang("en")
    try:
        _use(pdf, fonts)
        letters = frozenset[int]().union(*map(letters_of, fonts))
        for number, slide in enumerate(slides):
            _Page(pdf, letters).draw(slide, is_first=not number)
        if not slides:
            pdf.add_page()
        return bytes(pdf.output())
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _texts(slide: Slide) -> list[str]:
    return [slide.title, "\u2022", *slide.points, *(cell for row in slide.table for cell in row)]


def _use(pdf: FPDF, fonts: Sequence[Path]) -> None:
    names = [f"font{number}" for number in range(len(fonts))]
    for name, font in zip(names, fonts, strict=True):
        pdf.add_font(name, fname=font)
    pdf.set_font(names[0])
    pdf.set_fallback_fonts(names[1:])


class _Page:
    """Writes one slide on a page of its own."""

    def __init__(self, pdf: FPDF, letters: frozenset[int]) -> None:
        self._pdf = pdf
        self._letters = letters

    def draw(self, slide: Slide, is_first: bool) -> None:
        self._pdf.add_page()
        self._pdf.set_fill_color(*_ACCENT)
        self._pdf.rect(0, 0, _BAR, _HEIGHT, style="F")
        width = _INNER - (_PICTURE_WIDTH + 30 if slide.picture else 0)
        size = _title_size(slide.title) if is_first else 32
        self._pdf.set_xy(_MARGIN, 150 if is_first and size > 20 else _MARGIN)
        self._write(slide.title, size, _INK, _INNER)
        self._pdf.set_y(self._pdf.get_y() + 20)
        if slide.picture:
            self._pdf.image(
                BytesIO(mind_map()), _MARGIN + width + 30, self._pdf.get_y(), _PICTURE_WIDTH, alt_text=slide.picture
            )
        for point in slide.points:
            self._write(point if is_first else f"\u2022 {point}", 22, _QUIET if is_first else _INK, width)
            self._pdf.set_y(self._pdf.get_y() + 8)
        if slide.table:
            self._add_table(slide.table)

    def _write(self, text: str, size: float, color: tuple[int, int, int], width: float) -> None:
        shown, is_rtl = self._known(text), _is_set_from_the_right(text)
        self._pdf.set_x(_MARGIN)
        self._pdf.set_font(size=size)
        self._pdf.set_text_color(*color)
        self._pdf.set_text_shaping(True, direction="rtl" if is_rtl else "ltr")
        room = max(0, int((_HEIGHT - self._pdf.get_y()) / (size * _LINE)))
        lines = cast(list[str], self._pdf.multi_cell(width, size * _LINE, shown, dry_run=True, output="LINES"))
        kept = " ".join(lines[:room]) if len(lines) > room else shown
        self._pdf.multi_cell(width, size * _LINE, kept, align="R" if is_rtl else "L", new_x="LEFT", new_y="NEXT")

    def _add_table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        self._pdf.set_font(size=18)
        self._pdf.set_text_color(*_INK)
        self._pdf.set_draw_color(*_QUIET)
        self._pdf.set_xy(_MARGIN, self._pdf.get_y() + 12)
        heading, below = FontFace(color=_PAPER, fill_color=_ACCENT), FontFace(fill_color=_PAPER)
        with self._pdf.table(width=_INNER, line_height=34, padding=4, align="L", headings_style=heading) as table:
            for number, row in enumerate(rows):
                shown = table.row(style=below if number else None)
                for cell in row:
                    shown.cell(self._known(cell), align="R" if is_right_to_left(cell) else "L")

    def _known(self, text: str) -> str:
        return "".join(letter if ord(letter) in self._letters else _instead_of(letter) for letter in text)


def _instead_of(letter: str) -> str:
    return "" if unicodedata.category(letter) in ("Cf", "Mn", "Me") else "?"


def _title_size(title: str) -> int:
    return 44 if len(title) <= 60 else 30 if len(title) <= 160 else 20


def _is_set_from_the_right(text: str) -> bool:
    """By its first letter. fpdf2 puts a number that stands in Arabic or Hebrew within English in the wrong place."""
    kinds = set(map(unicodedata.bidirectional, text))
    return is_right_to_left(text) or bool(kinds & {"R", "AL"} and kinds & {"EN", "AN"})
