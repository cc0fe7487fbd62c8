"""Decks as python-pptx makes them, through LibreOffice."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pypdfium2
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from presentations.decks import Crashed, TooLong, draw_pictures, find_office, office, office_to_pdf
from tests.support.waiting import eventually

TITLES = ["Photosynthesis", "光合作用", "الضوء والماء", "אור ומים", "Hidden", "Summary"]


@pytest.fixture
def soffice() -> Path:
    found = find_office()
    if found is None:
        if "CI" in os.environ:
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed: apt install libreoffice-impress-nogui")
    return found


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    """Letters from everywhere, a table, a picture, notes, and a slide that is hidden."""
    made = Presentation()
    for title in TITLES:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "Light\nWater\nAir"
        slide.notes_slide.notes_text_frame.text = "Ask what they know."
        if title == "Hidden":
            slide._element.set("show", "0")
    made.slides[1].shapes.add_table(3, 3, Inches(1), Inches(3), Inches(5), Inches(2))
    picture = tmp_path / "leaf.png"
    Image.new("RGB", (40, 30), "green").save(picture)
    made.slides[2].shapes.add_picture(str(picture), Inches(1), Inches(3))
    file = tmp_path / "-a deck; of 'mine' 光.bin"
    made.save(str(file))
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made_in = tmp_path / "made"
    made_in.mkdir()
    return made_in


def sockets() -> set[Path]:
    return {socket for folder in office._SOCKETS for socket in folder.glob("OSL_PIPE_*")}


def test_a_page_for_each_slide_and_pictures_of_them(soffice: Path, deck: Path, folder: Path) -> None:
    before = deck.read_bytes()
    pdf = office_to_pdf(soffice, deck, folder)
    assert list(folder.iterdir()) == [pdf]
    assert deck.read_bytes() == before
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == len(TITLES)
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert [TITLES[page] in texts[page] for page in (0, 4, 5)] == [True] * 3
    pictures = folder / "pictures"
    pictures.mkdir()
    assert [picture.width for picture in draw_pictures(pdf, pictures).pictures] == [1600] * len(TITLES)


def test_a_deck_that_it_cannot_read_is_said(soffice: Path, tmp_path: Path, folder: Path) -> None:
    deck = tmp_path / "deck.pptx"
    deck.write_bytes(b"PK\x03\x04 and nothing that belongs to it")
    with pytest.raises(Crashed, match="LibreOffice made no PDF"):
        office_to_pdf(soffice, deck, folder)
    assert list(folder.iterdir()) == []


def test_nothing_of_it_is_left_when_its_time_is_over(
    soffice: Path, deck: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sockets()
    monkeypatch.setattr(office, "_SECONDS", 0.3)
    with pytest.raises(TooLong):
        office_to_pdf(soffice, deck, folder)
    eventually(lambda: sockets() <= before)  # those of other tests go with them
    assert list(folder.iterdir()) == []
    running = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert [command for command in running if str(folder) in " ".join(command)] == []
