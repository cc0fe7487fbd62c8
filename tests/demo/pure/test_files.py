"""The files that decks are kept in and exported to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from pptx import Presentation as open_presentation
from pypdfium2 import PdfDocument, PdfImage

from presentations.demo.decks import Decks
from presentations.demo.filenames import titled_file_name
from presentations.demo.fonts import OWN_FONTS, letters_of
from presentations.demo.outline import Slide, write_slides
from presentations.demo.pdf import write_pdf
from presentations.demo.people import People
from presentations.demo.powerpoint import write_pptx
from tests.demo.caller import pages, titles

OLDER = {
    "id": "4b7c2c5e-6f0a-4d3e-9d61-1c1b8c0f7a55",
    "content": "Rome",
    "language": "",
    "title": "Rome",
    "tone": "default",
    "verbosity": "standard",
    "template": "general",
    "created_at": "2026-11-23T18:51:00.782415",
    "slides": [{"title": "Rome", "points": ["Made by the demo"]}],
}


def test_decks_of_an_older_demo_are_found_again(tmp_path: Path) -> None:
    (tmp_path / "decks").mkdir()
    (tmp_path / "decks" / f"{OLDER['id']}.json").write_text(json.dumps(OLDER))
    decks = Decks(tmp_path)
    [deck] = decks.newest_first()
    assert (deck.n_slides, deck.updated_at) == (1, deck.created_at)
    assert decks.file(f"Rome_{deck.id}.pptx")


def test_an_exported_file_stays_though_its_deck_goes(tmp_path: Path) -> None:
    test_decks_of_an_older_demo_are_found_again(tmp_path)
    decks = Decks(tmp_path)
    decks.export(str(OLDER["id"]), "Rome.pdf")
    assert [decks.remove(str(OLDER["id"])) for _ in range(2)] == [True, False]
    again = Decks(tmp_path)
    assert again.newest_first() == []
    file = again.file("Rome.pdf")
    assert file
    assert file.read_bytes().startswith(b"%PDF")


TITLES = {
    "Größe (und \\ mehr)": "Größe (und \\ mehr)",
    "Ελλάδα и Россия": "Ελλάδα и Россия",
    "光合作用 第一课": "光合作用 第一课",
    "光合成とは何か": "光合成とは何か",
    "פוטוסינתזה 12": "פוטוסינתזה",
    "مقدمة في الخوارزميات": "و",
    "x" * 500: "x" * 20,
    "nobody's \u0378 letter": "nobody's ? letter",
}
"""What is asked for, and what can be read on the first page."""


@pytest.mark.parametrize(("title", "readable"), TITLES.items(), ids=range(len(TITLES)))
def test_a_pdf_says_what_its_slides_say_in_any_script(tmp_path: Path, title: str, readable: str) -> None:
    write_pdf(write_slides(title, 6), tmp_path / "deck.pdf")
    [first, *rest] = pages((tmp_path / "deck.pdf").read_bytes())
    assert readable in first
    assert ("?" in first) == ("?" in readable)
    assert len(rest) == 5
    assert "What it is" in rest[0]
    assert "We want to know" in rest[2], "a table"


def test_a_pdf_has_the_picture(tmp_path: Path) -> None:
    write_pdf(write_slides("Rivers", 5), tmp_path / "deck.pdf")
    with PdfDocument(tmp_path / "deck.pdf") as pdf:
        assert [sum(isinstance(one, PdfImage) for one in page.get_objects()) for page in pdf] == [0, 1, 0, 0, 0]


def test_text_that_is_too_long_takes_no_page_of_its_own(tmp_path: Path) -> None:
    first, second, last = write_slides("Rivers", 3)
    write_pdf([first, replace(second, points=("很长 very long " * 40,) * 5), last], tmp_path / "deck.pdf")
    assert len(pages((tmp_path / "deck.pdf").read_bytes())) == 3


def test_a_broken_font_of_the_computer_knows_no_letters(tmp_path: Path) -> None:
    for number, broken in enumerate((b"", b"OTTO", b"\x00\x01\x00\x00" + b"\xff" * 100)):
        font = tmp_path / f"{number}.ttf"
        font.write_bytes(broken)
        assert not letters_of(font)
    assert not letters_of(tmp_path / "none.ttf")


def test_a_font_that_cannot_be_used_costs_its_letters_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "Broken.ttf"
    with TTFont(OWN_FONTS[2], recalcBBoxes=False) as font:
        for table in font["cmap"].tables:
            table.cmap[0xE123] = "A"
        font["glyf"] = DefaultTable("glyf")
        font["glyf"].data = b"\x7f" * 100_000
        font.save(broken)
    assert 0xE123 in letters_of(broken)
    monkeypatch.setattr("presentations.demo.pdf.fonts_for", lambda text: [OWN_FONTS[0], broken])
    write_pdf(write_slides("One \ue123 letter", 3), tmp_path / "deck.pdf")
    assert "One ? letter" in pages((tmp_path / "deck.pdf").read_bytes())[0]


def test_a_powerpoint_file_has_notes_a_picture_with_its_description_and_a_table(tmp_path: Path) -> None:
    write_pptx(write_slides("Rivers", 5), tmp_path / "deck.pptx")
    slides = list(open_presentation(str(tmp_path / "deck.pptx")).slides)
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides]
    assert notes[1] == "Let them answer before you go on. Rivers, said in one sentence that a newcomer understands"
    assert len(set(notes)) == 5
    [picture] = [shape for shape in slides[1].shapes if hasattr(shape, "image")]
    assert picture._element.nvPicPr.cNvPr.get("descr").startswith("A mind map: Rivers in the middle")
    [table] = [shape.table for shape in slides[3].shapes if shape.has_table]
    assert [cell.text for cell in table.rows[0].cells] == ["We know", "We want to know", "We have learned"]


@pytest.mark.parametrize(("title", "direction"), [("مقدمة", "1"), ("פוטוסינתזה", "1"), ("12 Rivers", None)])
def test_what_is_read_from_right_to_left_is_written_so(tmp_path: Path, title: str, direction: str | None) -> None:
    write_pptx(write_slides(title, 1), tmp_path / "deck.pptx")
    [slide] = open_presentation(str(tmp_path / "deck.pptx")).slides
    assert slide.shapes.title.text_frame.paragraphs[0]._p.pPr.get("rtl") == direction


def test_a_file_is_never_older_than_its_deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test_decks_of_an_older_demo_are_found_again(tmp_path)
    decks, deck_id = Decks(tmp_path), str(OLDER["id"])
    decks.export(deck_id, "Rome.pptx")

    def write_while_it_is_exported_again(slides: list[Slide], file: Path) -> None:
        monkeypatch.undo()
        write_pptx(slides, file)
        decks.change(deck_id, [replace(slides[0], title="Rome today")])
        decks.export(deck_id, "Rome.pptx")

    monkeypatch.setattr("presentations.demo.decks.write_pptx", write_while_it_is_exported_again)
    file = decks.file("Rome.pptx")
    assert file
    assert titles(file.read_bytes()) == ["Rome today"]
    assert not list(tmp_path.glob("*/*.part"))


def test_a_deck_with_picture_and_table_is_found_again(tmp_path: Path) -> None:
    people = People(Decks(tmp_path))
    deck_id = people.make("Rivers", 5)
    deck = Decks(tmp_path).get(deck_id)
    assert deck
    assert deck.slides == write_slides("Rivers", 5)


def test_a_deck_without_slides_has_files_all_the_same(tmp_path: Path) -> None:
    write_pdf([], tmp_path / "draft.pdf")
    assert pages((tmp_path / "draft.pdf").read_bytes()) == [""]
    write_pptx([], tmp_path / "draft.pptx")
    assert titles((tmp_path / "draft.pptx").read_bytes()) == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Größe: 光合作用?", "Größe 光合作用.pptx"),
        ("../../etc/passwd", "etcpasswd.pptx"),
        ("  ", "presentation.pptx"),
        ("ü" * 500, "ü" * 50 + ".pptx"),
    ],
)
def test_a_title_becomes_the_name_of_a_file(title: str, name: str) -> None:
    assert titled_file_name(title, "pptx") == name
