"""A handout opens in Word: what stands in it, in which direction, and how much on a page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from presentations.decks import HandoutLayout, SlideWords, handout_docx
from tests.support.decks import a_picture

SLIDES = [
    SlideWords(
        1, "Photosynthesis", "Light falls on a leaf.\nThe leaf makes sugar.", "Show the leaf.\nAsk what it needs."
    ),
    SlideWords(2, "光合作用", "植物", "说"),
    SlideWords(3, "البناء الضوئي", "ضوء", "اسأل"),
    SlideWords(4, "", "Only text", ""),
]


def handout(layout: HandoutLayout, pictures: dict[int, bytes] | None = None, slides: list[SlideWords] = SLIDES) -> Any:
    return Document(BytesIO(handout_docx("Leaves and light", slides, pictures, layout)))


def texts(paragraphs: Any) -> list[str]:
    return [paragraph.text for paragraph in paragraphs if paragraph.text]


def descriptions(document: Any) -> list[str]:
    return [shape._inline.docPr.get("descr") for shape in document.inline_shapes]


@pytest.mark.parametrize("layout", list(HandoutLayout))
def test_it_has_the_title_on_each_page(layout: HandoutLayout) -> None:
    document = handout(layout)
    assert texts(document.sections[0].header.paragraphs) == ["Leaves and light"]
    assert document.core_properties.title == "Leaves and light"
    assert document.core_properties.author == ""
    field = document.sections[0].footer.paragraphs[0]._p.find(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "PAGE"


def test_three_slides_fill_a_page() -> None:
    """Exact heights: three rows, no fourth, whatever stands in them."""
    document = handout(HandoutLayout.THREE)
    [table] = document.tables
    section = document.sections[0]
    heights = [row.height for row in table.rows]
    room = section.page_height - section.top_margin - section.bottom_margin
    assert len(heights) == len(SLIDES)
    assert sum(heights[:3]) < room - Cm(1) < room < sum(heights[:4])


def test_lines_stand_beside_each_slide() -> None:
    for row in handout(HandoutLayout.THREE).tables[0].rows:
        lines = row.cells[1].paragraphs
        assert len(lines) == 7
        assert all(line._p.pPr.find(qn("w:pBdr")) is not None for line in lines)
        assert not texts(lines)


def test_a_slide_without_its_picture_shows_its_text() -> None:
    cells = [row.cells[0] for row in handout(HandoutLayout.THREE, {1: a_picture()}).tables[0].rows]
    assert texts(cells[0].paragraphs) == ["1"]
    assert texts(cells[1].paragraphs) == ["2. 光合作用", "植物"]
    assert texts(cells[3].paragraphs) == ["4", "Only text"]


def test_long_texts_are_cut_in_a_row_and_whole_beside_notes() -> None:
    long = [SlideWords(1, "Long", "word " * 999 + "end", "note " * 999)]
    [row] = handout(HandoutLayout.THREE, slides=long).tables[0].rows
    assert len(row.cells[0].text) < 620
    assert row.cells[0].text.endswith("…")
    assert long[0].text in texts(handout(HandoutLayout.NOTES, slides=long).paragraphs)


def test_notes_stand_below_the_slide() -> None:
    document = handout(HandoutLayout.NOTES, {1: a_picture(1600, 900)})
    assert texts(document.paragraphs)[:5] == [
        "1. Photosynthesis",
        "Show the leaf.",
        "Ask what it needs.",
        "2. 光合作用",
        "植物",
    ]
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 1"] == [
        "1. Photosynthesis",
        "2. 光合作用",
        "3. البناء الضوئي",
        "4",
    ]


@pytest.mark.parametrize("layout", list(HandoutLayout))
def test_pictures_fit_and_say_what_they_show(layout: HandoutLayout) -> None:
    wide, narrow = a_picture(1600, 900), a_picture(300, 1200, "PNG")
    document = handout(layout, {1: wide, 3: narrow, 4: b"RIFF, and no more"})
    assert descriptions(document)[0] == "1. Photosynthesis\nLight falls on a leaf.\nThe leaf makes sugar."
    assert len(descriptions(document)) == 2
    first, second = document.inline_shapes
    assert first.width / first.height == pytest.approx(16 / 9, rel=0.01)
    assert second.height / second.width == pytest.approx(4, rel=0.01)
    assert max(first.width, second.width) <= Cm(17)
    assert max(first.height, second.height) <= Cm(10)


def test_a_picture_that_would_fill_the_memory_is_left_out() -> None:
    assert descriptions(handout(HandoutLayout.NOTES, {1: a_picture(5_000, 5_000, "PNG")})) == []


def test_each_text_has_its_own_direction_and_letters() -> None:
    by_text = {one.text: one._p for one in handout(HandoutLayout.NOTES).paragraphs if one.text}
    from_right = by_text["3. البناء الضوئي"]
    assert from_right.pPr.find(qn("w:bidi")) is not None
    assert from_right.find(f".//{qn('w:rtl')}") is not None
    assert by_text["1. Photosynthesis"].find(f".//{qn('w:bidi')}") is None
    assert by_text["植物"].find(f".//{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"


@pytest.mark.parametrize(("title", "is_from_right"), [("البناء الضوئي", True), ("Photosynthesis", False)])
def test_a_deck_from_the_right_has_its_slides_at_the_right(title: str, is_from_right: bool) -> None:
    [table] = handout(HandoutLayout.THREE, slides=[SlideWords(1, title, "", "")]).tables
    assert (table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) is is_from_right


@pytest.mark.parametrize("layout", list(HandoutLayout))
def test_a_deck_without_slides_has_a_handout(layout: HandoutLayout) -> None:
    assert not texts(handout(layout, slides=[]).paragraphs)


def test_any_title_can_be_printed() -> None:
    title = "A\x00\x1b\ud800\ufffe \u202etitle\n" + "x" * 300
    document = Document(BytesIO(handout_docx(title, SLIDES, None, HandoutLayout.NOTES)))
    assert texts(document.sections[0].header.paragraphs) == ["A title " + "x" * 300]
