"""The Word file of a handout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_DIRECTION
from docx.shared import Cm, Pt
from docx.table import _Cell

from presentations.bidi import is_right_to_left
from presentations.decks.bounds import cut
from presentations.decks.paragraphs import (
    WordPicture,
    draw_line,
    number_page,
    picture_for_word,
    place,
    size_letters,
    write,
)
from presentations.decks.words import SlideWords
from presentations.printable import readable

# A4; Word fits it to other paper when it prints.
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = Cm(21), Cm(29.7), Cm(2)
# Three rows fill a page, and a fourth goes to the next one.
_ROW_HEIGHT, _LEFT_COLUMN, _RIGHT_COLUMN = Cm(7.9), Cm(9), Cm(8)
_LINES, _LINE_HEIGHT = 7, Cm(0.95)
_SMALL_BOX = (Cm(8.4), Cm(6.4))
_LARGE_BOX = (Cm(17), Cm(10))
# What fits into a row without its picture.
_MOST_IN_ROW, _MOST_LINES_IN_ROW = 600, 14
_MOST_DESCRIBED = 500
_IN_ROW = "Slide in a row"


def write_rows(title: str, slides: Sequence[SlideWords], pictures: Mapping[int, bytes], last_words: str) -> bytes:
    """Three slides a page, each beside lines to write on."""
    document = _new(title)
    if slides:  # Word opens no table without rows
        _add_rows(document, slides, pictures)
    _write_lines(document, last_words)
    return _saved(document)


def write_notes(title: str, slides: Sequence[SlideWords], pictures: Mapping[int, bytes], last_words: str) -> bytes:
    """Each slide, and below it its notes."""
    document = _new(title)
    for slide in slides:
        write(document.add_heading(level=1), _heading(slide))
        if picture := _picture(slide, pictures):
            shown = document.add_paragraph()
            place(shown, picture, _LARGE_BOX, _described(slide))
            shown.paragraph_format.keep_with_next = bool(slide.notes)
        else:
            _write_lines(document, slide.text)
        _write_lines(document, slide.notes)
    _write_lines(document, last_words)
    return _saved(document)


def _new(title: str) -> WordFile:
    document = Document()
    _set_up(document, " ".join(readable(title).split()))
    return document


def _saved(document: WordFile) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: WordFile, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = _PAGE_WIDTH, _PAGE_HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    section.header_distance = section.footer_distance = Cm(0.9)
    write(section.header.paragraphs[0], title)
    number_page(section.footer.paragraphs[0])
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", ""
    small = document.styles.add_style(_IN_ROW, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = document.styles["Normal"]
    size_letters(small, 9)
    small.paragraph_format.space_after, small.paragraph_format.line_spacing = Pt(1), 1.0


def _add_rows(document: WordFile, slides: Sequence[SlideWords], pictures: Mapping[int, bytes]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for slide in slides:
        row = table.add_row()
        row.height, row.height_rule = _ROW_HEIGHT, WD_ROW_HEIGHT_RULE.EXACTLY
        shown, lined = row.cells
        shown.width, lined.width = _LEFT_COLUMN, _RIGHT_COLUMN
        _show(shown, slide, _picture(slide, pictures))
        _draw_lines(lined)
    if is_right_to_left(" ".join(slide.title or slide.text for slide in slides)):
        table.table_direction = WD_TABLE_DIRECTION.RTL


def _show(cell: _Cell, slide: SlideWords, picture: WordPicture | None) -> None:
    first = cell.paragraphs[0]
    first.style = _IN_ROW
    if picture is not None:
        place(first, picture, _SMALL_BOX, _described(slide))
        cell.add_paragraph(str(slide.number), style=_IN_ROW)
        return
    write(first, _heading(slide))
    first.runs[0].font.bold = first.runs[0].font.cs_bold = True
    for line in cut(slide.text, _MOST_IN_ROW).split("\n")[:_MOST_LINES_IN_ROW]:
        write(cell.add_paragraph(style=_IN_ROW), line)


def _draw_lines(cell: _Cell) -> None:
    for number in range(_LINES):
        line = cell.add_paragraph() if number else cell.paragraphs[0]
        line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(0), _LINE_HEIGHT
        draw_line(line)


def _picture(slide: SlideWords, pictures: Mapping[int, bytes]) -> WordPicture | None:
    picture = pictures.get(slide.number)
    return None if picture is None else picture_for_word(picture)


def _heading(slide: SlideWords) -> str:
    return f"{slide.number}. {slide.title}" if slide.title else str(slide.number)


def _described(slide: SlideWords) -> str:
    """What a picture of a slide shows, for those who do not see it."""
    return cut(f"{_heading(slide)}\n{slide.text}", _MOST_DESCRIBED)


def _write_lines(document: WordFile, text: str) -> None:
    for line in text.split("\n") if text else ():
        write(document.add_paragraph(), line)
