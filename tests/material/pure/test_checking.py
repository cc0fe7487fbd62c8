"""What slides can be made of is told by its content; all else is refused with a sentence for its teacher."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from presentations.material import Kind, check_material
from tests.material.refused import MOST, refusal
from tests.support.decks import (
    COMPOUND,
    CONTENT_TYPES,
    a_compound_file,
    a_picture,
    a_pptx,
    a_zip_bomb,
    rewritten,
    with_content_type,
    with_part,
)
from tests.support.material import a_docx, a_zip_of, with_document_type

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = "application/vnd.ms-word."
ENTRY = b"PK\x01\x02"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "material"


def filled(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file


def test_a_word_file_is_taken_whatever_it_is_called(file: Path) -> None:
    material = check_material(a_docx(file), "C:\\old.doc", most_bytes=MOST)
    assert (material.kind, material.name, material.pages, material.encoding) == (Kind.DOCX, "old.docx", None, None)


def test_a_powerpoint_file_is_taken_with_its_slides(file: Path) -> None:
    material = check_material(a_pptx(file, 3), "deck", most_bytes=MOST)
    assert (material.kind, material.name, material.pages) == (Kind.PPTX, "deck.pptx", 3)


def test_a_workbook_of_a_chart_may_be_embedded(file: Path) -> None:
    embedded = a_docx(file.with_name("embedded")).read_bytes()
    check_material(with_part(a_docx(file), "word/embeddings/sheet1.xlsx", embedded), "a.docx", most_bytes=MOST)


def test_what_holds_nothing_or_too_much_is_refused(file: Path) -> None:
    assert "It is empty" in refusal(filled(file, b""))
    with file.open("wb") as opened:
        opened.truncate(2_500_000)
    assert "It has 2.5 MB, and at most 2 MB are taken" in refusal(file, most_bytes=2_000_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WebP", "BMP", "TIFF"])
def test_a_picture_in_disguise_is_refused(file: Path, kind: str) -> None:
    assert f"This is a picture ({kind})" in refusal(filled(file, a_picture(48, 27, kind.upper())))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x00\x00\x18ftypheic", "a picture (HEIC)"),
        (b"\x00\x00\x00\x18ftypavif", "a picture (AVIF)"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x">', "a picture (SVG)"),
        (b"\x00\x00\x00\x18ftypmp42", "a film or a recording"),
        (b"ID3\x04", "a film or a recording"),
        (b"RIFF\x00\x00\x00\x00WAVE", "a film or a recording"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf \r\n<HTML>", "a web page"),
        ("<html>".encode("utf-16"), "a web page"),
        (b"MIME-Version: 1.0\r\n", "a web page"),
        (b"{\\rtf1\\ansi", "Rich Text"),
        (b"\x7fELF\x02", "a program"),
        (b"MZ\x90\x00", "a program"),
        (b"MZ\x90\x00%PDF-1.4", "a program"),
        (b"\x1f\x8b\x08", "an archive (gzip)"),
        (b"Rar!\x1a\x07", "an archive (RAR)"),
        (b"7z\xbc\xaf\x27", "an archive (7z)"),
        (bytes(257) + b"ustar", "an archive (tar)"),
    ],
)
def test_what_is_no_document_is_named(file: Path, content: bytes, said: str) -> None:
    assert said in refusal(filled(file, content))


@pytest.mark.parametrize("content", [b"MZ is a district.", b"BM", b"RIFle", b"<3 leaves", b"PK is a player."])
def test_a_text_that_begins_as_something_else_is_one(file: Path, content: bytes) -> None:
    assert check_material(filled(file, content), "a.txt", most_bytes=MOST).kind is Kind.TXT


@pytest.mark.parametrize(
    ("streams", "said"),
    [
        (("EncryptionInfo", "EncryptedPackage"), "protected by a password"),
        (("WordDocument",), "save it as .docx"),
        (("PowerPoint Document",), "save it as .pptx"),
        (("Workbook",), "none of the kinds"),
        ((), "none of the kinds"),
    ],
)
def test_what_older_programs_and_passwords_make_is_refused(file: Path, streams: tuple[str, ...], said: str) -> None:
    assert said in refusal(a_compound_file(file, *streams))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: with_document_type(a_docx(file), f"{WORD}document.macroEnabled.main+xml"), "has macros"),
        (lambda file: with_part(a_docx(file), "word/vbaProject.bin", COMPOUND), "has macros"),
        (lambda file: with_part(a_pptx(file, 1), "ppt/vbaProject.bin", COMPOUND), "has macros"),
        (lambda file: with_document_type(a_docx(file), f"{OFFICE}wordprocessingml.template.main+xml"), "Word template"),
        (lambda file: with_content_type(a_pptx(file, 1), f"{OFFICE}presentationml.template.main+xml"), "(.potx)"),
        (lambda file: with_document_type(a_docx(file), f"{OFFICE}spreadsheetml.sheet.main+xml"), "Excel workbook"),
        (lambda file: a_pptx(file, 0), "has no slides"),
        (lambda file: a_zip_of(file, "mimetype", "META-INF/container.xml"), "EPUB"),
        (lambda file: a_zip_of(file, "mimetype", "content.xml"), "OpenDocument"),
        (lambda file: a_zip_of(file, "Index/Document.iwa"), "Pages"),
        (lambda file: a_zip_of(file, "chapter.docx"), "ZIP archive. Unpack it"),
        (lambda file: a_zip_of(file), "ZIP archive. Unpack it"),
        (lambda file: a_zip_bomb(a_docx(file), 110), "unpacks to much more"),
        (lambda file: with_part(a_docx(file), "word/media/a.png", b"PK\x03\x04 and so on"), "an archive in it"),
        (lambda file: filled(file, a_docx(file).read_bytes() + (ENTRY + bytes(42)) * 10_001), "unpacks to much more"),
        (lambda file: filled(file, a_docx(file).read_bytes()[:-1000]), "is damaged"),
        (lambda file: filled(file, b"PK\x03\x04"), "is damaged"),
        (lambda file: with_part(a_docx(file), "word/../../outside.xml", b""), "is damaged"),
    ],
)
def test_packages_that_are_not_taken(file: Path, make: Callable[[Path], Path], said: str) -> None:
    assert said in refusal(make(file))


def test_a_zip_with_a_password_is_refused(file: Path) -> None:
    content = bytearray(a_docx(file).read_bytes())
    content[content.index(ENTRY) + 8] |= 1
    assert "a ZIP archive with a password" in refusal(filled(file, bytes(content)))


def test_words_that_presenton_would_not_find_are_refused(file: Path) -> None:
    def moved(name: str, content: bytes) -> bytes | None:
        return None if name == "word/document.xml" else content

    assert "not where they usually are" in refusal(rewritten(a_docx(file), moved, {"word/document2.xml": b"<w/>"}))


def test_content_types_alone_make_no_word_file(file: Path) -> None:
    assert "ZIP archive" in refusal(a_zip_of(file, CONTENT_TYPES, "word/document.xml"))
