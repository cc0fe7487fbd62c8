"""The words of a deck in the order in which they are read; here in this process, and with files that are ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from presentations.decks.read import read
from tests.support.decks import (
    a_picture_file,
    a_pptx,
    a_presenton_pptx,
    rewritten,
    with_content_type,
    with_slide_xml,
)

MATHS = "http://schemas.openxmlformats.org/officeDocument/2006/math"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def said(file: str) -> list[list[str]]:
    """Title, text and notes of each slide, all of which are counted and read."""
    count, slides = read(file)
    assert count == len(slides)
    return slides


@pytest.fixture
def read_slide(tmp_path: Path) -> Callable[[Callable[[Any], object]], str]:
    """The text of a slide with a title, which is edited first; it has no other text."""

    def text_of(edit: Callable[[Any], object]) -> str:
        def only(_: int, slide: Any) -> None:
            slide.placeholders[1].text = ""
            edit(slide)

        [[title, text, _]] = said(str(a_pptx(tmp_path / "deck.pptx", 1, only)))
        assert title == "Title 1"
        return text

    return text_of


def box(shapes: Any, text: str, left: float = 0, top: float = 0) -> Any:
    shape = shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1))
    shape.text_frame.text = text
    return shape


def test_titles_texts_and_notes_are_read_slide_by_slide(tmp_path: Path) -> None:
    assert said(str(a_pptx(tmp_path / "deck.pptx", 2))) == [
        ["Title 1", "Point of slide 1", "Say this on slide 1"],
        ["Title 2", "Point of slide 2", "Say this on slide 2"],
    ]


def test_boxes_are_read_row_by_row(read_slide: Callable[..., str]) -> None:
    places = {"fourth": (3, 4), "second": (5, 2), "third": (1, 4.1), "first": (1, 2.1)}
    assert read_slide(lambda slide: [box(slide.shapes, text, *place) for text, place in places.items()]) == (
        "first\nsecond\nthird\nfourth"
    )


def test_what_is_written_from_the_right_is_read_from_the_right(tmp_path: Path) -> None:
    first, second = "ورقة", "شجرة"

    def edit(_: int, slide: Any) -> None:
        slide.shapes.title.text = "البناء الضوئي"
        slide.placeholders[1].text = ""
        box(slide.shapes, second, 1, 2)
        box(slide.shapes, first, 5, 2.1)

    [[_, text, _]] = said(str(a_pptx(tmp_path / "deck.pptx", 1, edit)))
    assert text == "\n".join((first, second))


def test_tables_groups_and_descriptions_are_read(read_slide: Callable[..., str]) -> None:
    def edit(slide: Any) -> None:
        table = slide.shapes.add_table(2, 2, 0, Inches(2), Inches(4), Inches(1)).table
        for number, text in enumerate(("Organ", "Task", "Leaf", "Light")):
            table.cell(number // 2, number % 2).text = text
        group = slide.shapes.add_group_shape().shapes.add_group_shape()
        box(group.shapes, "in two groups", 0, 3)
        box(group.shapes, "below", 0, 4)
        picture = slide.shapes.add_picture(a_picture_file(), 0, Inches(6))
        picture._element.nvPicPr.cNvPr.set("descr", "A leaf in the sun")

    assert read_slide(edit).split("\n") == [
        "Organ | Task",
        "Leaf | Light",
        "in two groups",
        "below",
        "A leaf in the sun",
    ]


def test_the_name_of_a_file_describes_nothing(read_slide: Callable[..., str]) -> None:
    def edit(slide: Any) -> None:
        for name in ("image.png", "Leaf in the sun.JPEG", "tmpx2f.webp"):
            picture = slide.shapes.add_picture(a_picture_file(), 0, 0)
            picture._element.nvPicPr.cNvPr.set("descr", name)

    assert read_slide(edit) == ""


def test_what_stands_on_each_slide_alike_is_left_out(read_slide: Callable[..., str]) -> None:
    def edit(slide: Any) -> None:
        for kind in ("dt", "sldNum", "ftr"):
            placeholder = box(slide.shapes, kind)._element.nvSpPr.nvPr._add_ph()
            placeholder.set("type", kind)

    assert read_slide(edit) == ""


def test_a_chart_says_its_title_series_and_categories(read_slide: Callable[..., str]) -> None:
    def edit(slide: Any) -> None:
        data = CategoryChartData()
        data.categories = ["Spring", "Summer"]
        data.add_series("Rain", (1, 2))
        data.add_series("Sun", (3, 4))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(3), Inches(3), data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "Weather"

    assert read_slide(edit) == "Weather\nRain | Sun\nSpring | Summer"


def test_a_diagram_says_what_stands_in_it(tmp_path: Path) -> None:
    """SmartArt: the slide has a frame, and names the part that has its texts."""
    frame = (
        '<p:graphicFrame xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"><p:nvGraphicFramePr>'
        '<p:cNvPr id="9" name="x" descr="A circle"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>'
        '<p:xfrm><a:off x="0" y="9000000"/><a:ext cx="1" cy="1"/></p:xfrm><a:graphic><a:graphicData uri="urn:diagram">'
        '<dgm:relIds r:dm="rId88"/><dgm:relIds r:dm="rId99"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    points = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in ("Water", "Light"))
    diagram = f'<points xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{points}</points>'
    named = b'<Relationship Id="rId88" Type="urn:diagram" Target="../diagrams/data1.xml"/></Relationships>'
    deck = with_slide_xml(
        a_pptx(tmp_path / "deck.pptx", 1), lambda slide: slide.replace("</p:spTree>", f"{frame}</p:spTree>")
    )
    rewritten(
        deck,
        lambda name, content: content.replace(b"</Relationships>", named) if "slides/_rels" in name else content,
        {"ppt/diagrams/data1.xml": diagram.encode()},
    )
    [[_, text, _]] = said(str(deck))
    assert text == "Point of slide 1\nA circle\nWater\nLight"


def test_a_formula_is_read_once(tmp_path: Path) -> None:
    """PowerPoint keeps the box with it, and a picture of the box for older programs."""

    def doubled(slide: str) -> str:
        start = slide.index("<p:sp>", slide.index("Title 1"))
        end = slide.index("</p:sp>", start) + len("</p:sp>")
        shape = slide[start:end]
        maths = f'<m:oMath xmlns:m="{MATHS}"><m:r><m:t>E=m</m:t></m:r></m:oMath>'
        formula = shape.replace("Point of slide 1", f"</a:t></a:r>{maths}<a:r><a:t>")
        both = (
            f'<mc:AlternateContent xmlns:mc="{COMPATIBILITY}"><mc:Choice Requires="a14" xmlns:a14="urn:a14">{formula}'
            f"</mc:Choice><mc:Fallback>{shape}</mc:Fallback></mc:AlternateContent>"
        )
        return slide[:start] + both + slide[end:]

    [[_, text, _]] = said(str(with_slide_xml(a_pptx(tmp_path / "deck.pptx", 1), doubled)))
    assert text == "E=m"


def test_presentons_boxes_have_the_largest_letters_in_their_title(tmp_path: Path) -> None:
    boxes = [("BIOLOGY", 14), ("How leaves\nmake sugar", 40), ("85 %", 40), ("Light falls on a leaf.", 20), ("3", 60)]
    assert said(str(a_presenton_pptx(tmp_path / "deck.pptx", boxes))) == [
        ["How leaves make sugar", "BIOLOGY\n85 %\nLight falls on a leaf.\n3", ""]
    ]


def test_hidden_slides_keep_their_place(tmp_path: Path) -> None:
    def hide_second(number: int, slide: Any) -> None:
        slide.element.set("show", "0" if number == 2 else "1")

    assert [title for title, _, _ in said(str(a_pptx(tmp_path / "deck.pptx", 3, hide_second)))] == [
        "Title 1",
        "Title 2",
        "Title 3",
    ]


def test_a_slide_show_is_read(tmp_path: Path) -> None:
    show = "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
    assert len(said(str(with_content_type(a_pptx(tmp_path / "deck.ppsx"), show)))) == 3


def test_what_has_no_place_that_can_be_read_is_read_all_the_same(tmp_path: Path) -> None:
    def misplaced(slide: str) -> str:
        return slide.replace("</p:spPr>", '<a:xfrm><a:off x="left" y="top"/></a:xfrm></p:spPr>').replace(
            "<p:spPr/>", '<p:spPr><a:xfrm><a:off x="left" y="top"/></a:xfrm></p:spPr>'
        )

    [[title, text, _]] = said(str(with_slide_xml(a_pptx(tmp_path / "deck.pptx", 1), misplaced)))
    assert (title, text) == ("Title 1", "Point of slide 1")


def test_a_slide_that_names_a_part_that_is_not_there_is_read(tmp_path: Path) -> None:
    lost = b'<Relationship Id="rId77" Type="urn:picture" Target="../NULL"/></Relationships>'
    deck = rewritten(
        a_pptx(tmp_path / "deck.pptx", 1),
        lambda name, content: content.replace(b"</Relationships>", lost) if "slides/_rels" in name else content,
    )
    assert len(said(str(deck))) == 1


def test_no_more_is_read_than_is_kept(tmp_path: Path) -> None:
    def edit(_: int, slide: Any) -> None:
        for frame in (slide.shapes.title, slide.placeholders[1], slide.notes_slide.notes_text_frame):
            frame.text = "many words " * 5_000

    def repeated(name: str, content: bytes) -> bytes:
        return re.sub(rb"<p:sldId .*?/>", rb"\g<0>" * 201, content) if name == "ppt/presentation.xml" else content

    count, slides = read(str(rewritten(a_pptx(tmp_path / "deck.pptx", 1, edit), repeated)))
    assert (count, len(slides)) == (201, 200)
    assert [len(text) for text in slides[0]] == [301, 20_001, 20_001]


# What XML holds, and python-pptx does not take for a break.
LINES = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(points=st.lists(LINES.filter(str.strip), min_size=1, max_size=5), notes=LINES.filter(str.strip))
def test_texts_come_out_as_they_went_in(tmp_path: Path, points: list[str], notes: str) -> None:
    def edit(_: int, slide: Any) -> None:
        slide.placeholders[1].text_frame.text = "\n".join(points)
        slide.notes_slide.notes_text_frame.text = notes

    assert said(str(a_pptx(tmp_path / "deck.pptx", 1, edit))) == [["Title 1", "\n".join(points), notes]]
