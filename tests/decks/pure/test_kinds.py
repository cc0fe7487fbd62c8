"""What is no deck is refused by its content, with a sentence for its teacher."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_LZMA, ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from presentations.decks import BadFile, Kind, check_file
from tests.support.decks import (
    COMPOUND,
    CONTENT_TYPES,
    a_compound_file,
    a_pdf,
    a_pptx,
    a_zip_bomb,
    rewritten,
    with_content_type,
    with_part,
)
from tests.support.refusals import says_what_to_do

MOST = 200_000_000
POWERPOINT = "application/vnd.ms-powerpoint."
OFFICE = "application/vnd.openxmlformats-officedocument."
ENTRY = b"PK\x01\x02"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deck"


def refusal(file: Path, kind: Kind = Kind.PPTX, most_bytes: int = MOST) -> str:
    with pytest.raises(BadFile) as raised:
        check_file(file, kind, most_bytes=most_bytes)
    said = str(raised.value)
    assert says_what_to_do(said)
    return said


def filled(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def without_content_types(deck: Path) -> Path:
    return rewritten(deck, lambda name, content: None if name == CONTENT_TYPES else content)


def said_to_be_encrypted(deck: Path) -> Path:
    content = bytearray(deck.read_bytes())
    content[content.index(ENTRY) + 8] |= 1
    return filled(deck, bytes(content))


def with_wrong_checksum(deck: Path) -> Path:
    """The first part is the content types; its CRC stands at 16 in its entry."""
    content = bytearray(deck.read_bytes())
    content[content.index(ENTRY) + 16] ^= 1
    return filled(deck, bytes(content))


def with_a_part_twice(deck: Path) -> Path:
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(deck, "a") as package:
        package.writestr("ppt/presentation.xml", "")
    return deck


def squeezed(deck: Path) -> Path:
    with ZipFile(deck, "a", ZIP_LZMA) as package:
        package.writestr("ppt/media/image9.bin", b"squeezed")
    return deck


def a_zip_in_a_zip(deck: Path) -> Path:
    content = deck.read_bytes()
    with ZipFile(deck, "w") as package:
        package.writestr("deck.pptx", content)
    return deck


def with_many_entries(deck: Path) -> Path:
    """What zipfile would read into memory before it says how many there are."""
    return filled(deck, deck.read_bytes() + (ENTRY + bytes(42)) * 10_001)


def test_a_deck_and_a_pdf_are_taken(tmp_path: Path) -> None:
    check_file(a_pptx(tmp_path / "deck.pptx"), Kind.PPTX, most_bytes=MOST)
    check_file(a_pdf(tmp_path / "deck.pdf"), Kind.PDF, most_bytes=MOST)


def test_a_slide_show_is_a_deck(file: Path) -> None:
    show = with_content_type(a_pptx(file), f"{OFFICE}presentationml.slideshow.main+xml")
    check_file(show, Kind.PPTX, most_bytes=MOST)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_holds_nothing_or_too_much_is_refused(file: Path, kind: Kind) -> None:
    assert "empty" in refusal(filled(file, b""), kind)
    os.truncate(file, 2_500_000)
    assert "has 2.5 MB, and at most 2 MB can be kept" in refusal(file, kind, most_bytes=2_000_000)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html>", b"\xef\xbb\xbf \r\n<html>", "<html>".encode("utf-16")])
def test_a_web_page_is_refused(file: Path, kind: Kind, page: bytes) -> None:
    assert "web page" in refusal(filled(file, page), kind)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: a_compound_file(file, "EncryptionInfo", "EncryptedPackage"), "protected by a password"),
        (lambda file: a_compound_file(file, "PowerPoint Document"), "of the old kind (.ppt)"),
        (lambda file: a_compound_file(file, "WordDocument"), "no PowerPoint file"),
        (lambda file: filled(file, COMPOUND), "no PowerPoint file"),
        (lambda file: filled(file, b"\x89PNG\r\n"), "no PowerPoint file"),
        (lambda file: filled(file, b"P"), "no PowerPoint file"),
        (a_pdf, "This is a PDF"),
    ],
)
def test_other_files_are_told_apart(file: Path, make: Callable[[Path], Path], said: str) -> None:
    assert said in refusal(make(file))


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        (f"{POWERPOINT}presentation.macroEnabled.main+xml", "has macros"),
        (f"{POWERPOINT}slideshow.macroEnabled.main+xml", "has macros"),
        (f"{OFFICE}presentationml.template.main+xml", "PowerPoint template"),
        (f"{OFFICE}spreadsheetml.sheet.main+xml", "Excel workbook"),
        ("application/vnd.oasis.opendocument.presentation", "ZIP archive"),
    ],
)
def test_what_else_office_makes_is_told_apart(file: Path, content_type: str, said: str) -> None:
    assert said in refusal(with_content_type(a_pptx(file), content_type))


def test_a_word_file_is_told_apart(file: Path) -> None:
    Document().save(str(file))
    assert "Word document" in refusal(file)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda deck: with_part(deck, "ppt/vbaProject.bin", COMPOUND), "has macros"),
        (without_content_types, "ZIP archive"),
        (a_zip_in_a_zip, "ZIP archive"),
        (lambda deck: a_zip_bomb(deck, 110), "unpacks to much more"),
        (with_many_entries, "unpacks to much more"),
        (lambda deck: with_part(deck, "/ppt/absolute.xml", b""), "is damaged"),
        (lambda deck: with_part(deck, "ppt/../../outside.xml", b""), "is damaged"),
        (lambda deck: with_part(deck, "PPT/presentation.XML", b""), "is damaged"),
        (with_a_part_twice, "is damaged"),
        (squeezed, "is damaged"),
        (said_to_be_encrypted, "ZIP archive with a password"),
        (with_wrong_checksum, "is damaged"),
        (lambda deck: filled(deck, deck.read_bytes()[:-1000]), "is damaged"),
        (lambda deck: filled(deck, deck.read_bytes()[:1000]), "is damaged"),
    ],
)
def test_a_deck_that_is_spoiled_is_refused(file: Path, spoil: Callable[[Path], Path], said: str) -> None:
    assert said in refusal(spoil(a_pptx(file)))


def test_what_is_no_pdf_is_refused(file: Path) -> None:
    assert "This is no PDF" in refusal(filled(file, b"PK\x03\x04"), Kind.PDF)


@pytest.mark.parametrize("trailer", [b"/Encrypt 7 0 R", b"/Encrypt<</Filter/Standard>>"])
def test_a_pdf_with_a_password_is_refused(file: Path, trailer: bytes) -> None:
    pdf = a_pdf(file).read_bytes()
    assert "password" in refusal(filled(file, pdf.replace(b"trailer\n<<", b"trailer\n<<" + trailer)), Kind.PDF)
    assert "password" in refusal(filled(file, b"%PDF-1.7\n" + trailer + bytes(100_000)), Kind.PDF)


@given(
    cut=st.integers(0, 40_000),
    places=st.lists(st.tuples(st.integers(-4000, 4000), st.integers(0, 255)), max_size=12),
)
def test_whatever_is_wrong_with_a_zip_is_said(
    tmp_path_factory: pytest.TempPathFactory, cut: int, places: list[tuple[int, int]]
) -> None:
    """At its end is the directory, and at its beginning the part that says what it is."""
    folder = tmp_path_factory.getbasetemp()
    if not (good := folder / "good.pptx").exists():
        a_pptx(good)
    content = bytearray(good.read_bytes())
    del content[cut : cut + min(cut, 3)]
    for place, byte in places:
        content[place] = byte
    with suppress(BadFile):
        check_file(filled(folder / "bad.pptx", bytes(content)), Kind.PPTX, most_bytes=MOST)
