"""A deck as a PowerPoint file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from pptx import Presentation as open_presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.slide import Slide as Page
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from presentations.demo.directions import is_right_to_left
from presentations.demo.mind_map import HEIGHT, WIDTH, mind_map
from presentations.demo.outline import Slide

_TITLE_LAYOUT, _BULLETS_LAYOUT = 0, 1
_WIDTH, _HEIGHT, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.9)
_PICTURE_WIDTH = Inches(4.5)
_INK, _ACCENT, _QUIET = map(RGBColor.from_string, ("1F2933", "2F6F6B", "59636E"))


def write_pptx(slides: list[Slide], file: Path) -> None:
    """Write the slides, if there are any, to `file`; the first is the title slide."""
    presentation = open_presentation()
    presentation.slide_width, presentation.slide_height = _WIDTH, _HEIGHT
    for number, slide in enumerate(slides):
        layout, title_height = (_BULLETS_LAYOUT, 1.2) if number else (_TITLE_LAYOUT, 3.6)
        _add(presentation, layout, slide, title_height=Inches(title_height))
    presentation.save(str(file))


def _add(presentation: Presentation, layout: int, slide: Slide, title_height: Inches) -> None:
    page = presentation.slides.add_slide(presentation.slide_layouts[layout])
    heading, body = page.placeholders[0], page.placeholders[1]
    top = Inches(0.8)
    below = Emu(top + title_height + Inches(0.3))
    _place(heading, top, title_height)
    _place(body, below, _HEIGHT - below - Inches(0.7))
    if slide.picture:
        body.width = Emu(body.width - _PICTURE_WIDTH - Inches(0.3))
        _add_picture(page, slide.picture, below)
    if slide.table:
        body.height = Inches(2.2)
        _add_table(page, slide.table, Emu(below + body.height + Inches(0.2)))
    heading.text_frame.text = slide.title
    body.text_frame.text = "\n".join(slide.points)
    _style(heading.text_frame, _title_size(slide.title, layout), _INK, is_bold=True)
    heading.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    _style(body.text_frame, Pt(24), _QUIET if layout == _TITLE_LAYOUT else _INK)
    bar = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.25), _HEIGHT)
    bar.fill.solid()
    bar.fill.fore_color.rgb = _ACCENT
    bar.line.fill.background()
    if slide.note:
        page.notes_slide.notes_text_frame.text = slide.note


def _add_picture(page: Page, description: str, top: Emu) -> None:
    picture = page.shapes.add_picture(
        BytesIO(mind_map()), Emu(_WIDTH - _MARGIN - _PICTURE_WIDTH), top, _PICTURE_WIDTH,
        Emu(_PICTURE_WIDTH * HEIGHT // WIDTH),
    )  # fmt: skip
    picture._element.xpath("p:nvPicPr/p:cNvPr")[0].set("descr", description)  # python-pptx has no call for it


def _add_table(page: Page, rows: tuple[tuple[str, ...], ...], top: Emu) -> None:
    frame = page.shapes.add_table(
        len(rows), len(rows[0]), _MARGIN, top, Emu(_WIDTH - 2 * _MARGIN), Inches(0.5 * len(rows))
    )
    for shown, row in zip(frame.table.rows, rows, strict=True):
        for cell, text in zip(shown.cells, row, strict=True):
            cell.text = text


def _place(shape: BaseShape, top: int, height: int) -> None:
    shape.left, shape.width = _MARGIN, Emu(_WIDTH - 2 * _MARGIN)
    shape.top, shape.height = Emu(top), Emu(height)


def _title_size(title: str, layout: int) -> Pt:
    if layout == _BULLETS_LAYOUT:
        return Pt(36)
    return Pt(48 if len(title) <= 60 else 32 if len(title) <= 160 else 20)


def _style(frame: TextFrame, size: Pt, color: RGBColor, is_bold: bool = False) -> None:
    frame.word_wrap = True
    for paragraph in frame.paragraphs:
        is_rtl = is_right_to_left(paragraph.text)
        paragraph.alignment = PP_ALIGN.RIGHT if is_rtl else PP_ALIGN.LEFT
        if is_rtl:
            paragraph._p.get_or_add_pPr().set("rtl", "1")  # python-pptx has no call for it
        paragraph.space_after = Pt(10)
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = size, is_bold, color
