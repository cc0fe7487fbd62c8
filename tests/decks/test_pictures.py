"""Pictures of a PDF's pages; one that the renderer cannot take costs its own only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from presentations.decks import Crashed, Pages, Picture, draw_pictures
from tests.decks.pdfs import Page, encrypted, endless, pdf, swelling


def draw(folder: Path, document: bytes, *, most_pages: int = 200, page_seconds: float = 60.0) -> list[Picture]:
    return drawn(folder, document, most_pages=most_pages, page_seconds=page_seconds).pictures


def drawn(folder: Path, document: bytes, *, most_pages: int = 200, page_seconds: float = 60.0) -> Pages:
    file = folder / "deck.pdf"
    file.write_bytes(document)
    pictures = folder / "pictures"
    pictures.mkdir()
    return draw_pictures(file, pictures, most_pages=most_pages, page_seconds=page_seconds)


def size(file: Path | None) -> tuple[int, int]:
    assert file is not None
    with Image.open(file) as picture:
        assert picture.format == "WEBP"
        return picture.size


def test_each_page_has_a_small_and_a_large_picture(tmp_path: Path) -> None:
    wide, old, tall = draw(tmp_path, pdf(Page(), Page(width=720), Page(width=540, height=960)))
    assert [picture.number for picture in (wide, old, tall)] == [1, 2, 3]
    assert [size(picture.large) for picture in (wide, old, tall)] == [(1600, 900), (1600, 1200), (900, 1600)]
    assert [size(picture.small) for picture in (wide, old, tall)] == [(480, 270), (480, 360), (270, 480)]
    assert (tall.width, tall.height) == (900, 1600)


def test_it_shows_what_is_on_the_page(tmp_path: Path) -> None:
    [picture] = draw(tmp_path, pdf(Page(b"1 0 0 rg 0 0 480 540 re f")))
    assert picture.large is not None
    with Image.open(picture.large) as drawn:
        left, right = (drawn.convert("RGB").getpixel((x, 450)) for x in (400, 1200))
    assert isinstance(left, tuple)
    assert left[0] > 240 > 20 > left[1]
    assert right == (255, 255, 255)


def test_the_pages_that_end_the_renderer_cost_their_own_pictures_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    document = pdf(Page(), endless(), Page(), swelling())
    pictures = draw(tmp_path, document, page_seconds=3)
    assert [picture.number for picture in pictures] == [1, 2, 3, 4]
    assert [picture.number for picture in pictures if picture.large] == [1, 3]
    assert pictures[1] == Picture(2)
    # Which of its bounds a page meets first depends on how fast the machine is.
    for number in (2, 4):
        ended = (
            rf"could not draw page {number} of deck\.pdf: draw\.py (was ended by a signal: Alarm clock|took more than)"
        )
        assert re.search(ended, caplog.text)


def test_pages_of_absurd_sizes_have_pictures_of_bounded_ones(tmp_path: Path) -> None:
    sizes = [(1e9, 1e9), (14400.0, 1.0), (10.0, 14400.0), (20.0, 10.0), (0.0001, 540.0), (-5.0, 540.0)]
    pictures = draw(tmp_path, pdf(*(Page(width=width, height=height) for width, height in sizes)))
    assert len(pictures) == 6
    assert all(max(size(picture.large)) <= 1600 for picture in pictures if picture.large)
    assert size(pictures[3].large) == (80, 40)  # a page of a few points is not blown up


def test_only_so_many_pages_are_drawn_and_all_are_counted(tmp_path: Path) -> None:
    pages = drawn(tmp_path, pdf(*[Page()] * 4), most_pages=2)
    assert (pages.count, [picture.number for picture in pages.pictures]) == (4, [1, 2])
    assert sorted(path.name for path in (tmp_path / "pictures").glob("*.webp")) == [
        "1-large.webp",
        "1-small.webp",
        "2-large.webp",
        "2-small.webp",
    ]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<html>No such page.</html>", "Data format error"),
        (pdf(Page(), Page())[:500], "Data format error"),
        (b"%PDF-1.7\n", "Data format error"),
        (b"", "Data format error"),
        (encrypted(), "Incorrect password"),
    ],
    ids=["html", "cut", "head", "empty", "encrypted"],
)
def test_what_cannot_be_read_at_all_is_said(tmp_path: Path, document: bytes, why: str) -> None:
    with pytest.raises(Crashed, match=why):
        draw(tmp_path, document)
