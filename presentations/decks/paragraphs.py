"""Paragraphs of a Word file: text in its own direction and script, pictures, lines to write on, the number of the page."""

from __future__ import annotations

from io import BytesIO

import regex
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image, UnidentifiedImageError

from presentations.bidi import is_right_to_left

_FORMATS = ("WEBP", "PNG", "JPEG")
_MOST_PIXELS = 20_000_000
# In this order: Japanese has Chinese characters, too, and Word draws each language's in its own way.
_LANGUAGES = ((r"[\p{Hiragana}\p{Katakana}]", "ja-JP"), (r"\p{Hangul}", "ko-KR"), (r"\p{Han}", "zh-CN"))
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
    language = next((tag for letters, tag in _LANGUAGES if regex.search(letters, text)), None)
    if language:
        run._r.get_or_add_rPr().append(_element("w:lang", {"w:eastAsia": language}))


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


def place(paragraph: Paragraph, picture: bytes, box: tuple[Length, Length], description: str) -> bool:
    """Add a picture (WebP, PNG or JPEG) as large as `box` holds it; False, and nothing added, where it is none."""
    image = _for_word(picture)
    if image is None:
        return False
    content, width, height = image
    scale = min(box[0] / width, box[1] / height)
    shape = paragraph.add_run().add_picture(content, Length(int(width * scale)), Length(int(height * scale)))
    shape._inline.docPr.set("descr", description)
    return True


def _for_word(picture: bytes) -> tuple[BytesIO, int, int] | None:
    """The picture as JPEG, since Word does not know WebP, with its width and height."""
    content = BytesIO()
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            image.convert("RGB").save(content, "JPEG", quality=88)
            return content, image.width, image.height
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None


def _element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
