"""A deck as a PowerPoint file."""

from __future__ import annotations

from pathlib import Path

from pptx import Presentation as open_presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from presentations.demo.outline import Slide

_TITLE_LAYOUT, _BULLETS_LAYOUT = 0, 1
_WIDTH, _HEIGHT, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.9)
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
    _place(heading, top, title_height)
    _place(body, top + title_height + Inches(0.3), _HEIGHT - top - title_height - Inches(1))
    heading.text_frame.text = slide.title
    body.text_frame.text = "\n".join(slide.points)
    _style(heading.text_frame, _title_size(slide.title, layout), _INK, is_bold=True)
    heading.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    _style(body.text_frame, Pt(24), _QUIET if layout == _TITLE_LAYOUT else _INK)
    bar = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.25), _HEIGHT)
    bar.fill.solid()
    bar.fill.fore_color.rgb = _ACCENT
    bar.line.fill.background()


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
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(10)
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.color.rgb = size, is_bold, color
