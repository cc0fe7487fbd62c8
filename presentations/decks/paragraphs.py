"""Paragraphs of a Word file: text in its own direction and script, pictures, lines to write on, page numbers."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import NamedTuple

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image, UnidentifiedImageError

from presentations.bidi import is_right_to_left

_FORMATS = ("WEBP", "PNG", "JPEG")
_MOST_PIXELS = 20_000_000
# The scripts whose letters Word draws in the way of a language. In this order: Japanese has Chinese letters, too.
_LANGUAGES = {"HIRAGANA": "ja-JP", "KATAKANA": "ja-JP", "HANGUL": "ko-KR", "CJK": "zh-CN"}
# The parts of w:pPr that may come after w:bidi and w:pBdr, in the order of the schema (CT_PPrBase).
_AFTER_BIDI = ("adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "jc", "rPr")
_AFTER_BORDER = ("shd", "tabs", "suppressAutoHyphens", "bidi", *_AFTER_BIDI)


def write(paragraph: Paragraph, text: str) -> None:
    """Add `text` in its own direction, and in the letters of its language where those of several look alike."""
    run = paragraph.add_run(text)
    if is_right_to_left(text):
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *(f"w:{name}" for name in _AFTER_BIDI))
        run.font.rtl = True
    if language := _language(text):
        run._r.get_or_add_rPr().append(_element("w:lang", {"w:eastAsia": language}))


def _language(text: str) -> str | None:
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in text}
    return next((tag for script, tag in _LANGUAGES.items() if script in scripts), None)


def draw_line(paragraph: Paragraph) -> None:
    """A thin line below the paragraph, also where the next one has one, too."""
    borders = OxmlElement("w:pBdr")
    for side in ("bottom", "between"):
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": "4", "w:space": "1", "w:color": "999999"}))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *(f"w:{name}" for name in _AFTER_BORDER))


def number_page(paragraph: Paragraph) -> None:
    """The number of the page, which Word puts in."""
    field = _element("w:fldSimple", {"w:instr": "PAGE"})
    field.append(Run(OxmlElement("w:r"), paragraph)._r)
    paragraph._p.append(field)


class WordPicture(NamedTuple):
    """A picture in a format that Word knows, with its size in pixels."""

    content: bytes
    width: int
    height: int


def picture_for_word(picture: bytes) -> WordPicture | None:
    """A WebP, PNG or JPEG as JPEG, since Word knows no WebP; None where it is none of these, or too large."""
    content = BytesIO()
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            image.convert("RGB").save(content, "JPEG", quality=88)
            return WordPicture(content.getvalue(), image.width, image.height)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None


def place(paragraph: Paragraph, picture: WordPicture, box: tuple[Length, Length], description: str) -> None:
    """Add a picture as large as `box` (width, height) holds it."""
    scale = min(box[0] / picture.width, box[1] / picture.height)
    width, height = (Length(int(side * scale)) for side in (picture.width, picture.height))
    shape = paragraph.add_run().add_picture(BytesIO(picture.content), width, height)
    shape._inline.docPr.set("descr", description)


def size_letters(style: ParagraphStyle, points: float) -> None:
    """The size of letters of all scripts: those that are written from the right have one of their own."""
    style.font.size = Pt(points)
    style.element.get_or_add_rPr().append(_element("w:szCs", {"w:val": str(round(2 * points))}))


def _element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
