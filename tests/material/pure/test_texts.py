"""Texts are taken in the encodings that teachers' programs write, and reach Presenton in UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.material import BadMaterial, Kind, check_material, in_utf8
from presentations.material import texts as module
from tests.material.refused import refusal

GERMAN = "# Blätter\r\nGrün \N{EN DASH} „außen“, 20 °C, 3 m³ und mehr davon in jedem der Wälder\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "text"


@pytest.mark.parametrize(
    ("written", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_a_text_is_read_in_its_encoding(
    file: Path, written: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 3)  # a character may stand across two pieces
    file.write_bytes(GERMAN.encode(written))
    material = check_material(file, "Blatt.TXT", most_bytes=1000)
    assert (material.kind, material.name, material.pages, material.encoding) == (Kind.TXT, "Blatt.TXT", None, encoding)
    assert in_utf8(file, material.encoding, file.parent).read_bytes() == GERMAN.encode()


def test_what_is_in_utf_8_is_not_copied(file: Path) -> None:
    assert in_utf8(file, "utf-8", file.parent) == in_utf8(file, None, file.parent) == file


def test_utf_16_from_the_other_end(file: Path) -> None:
    file.write_bytes(b"\xfe\xff" + GERMAN.encode("utf-16-be"))
    assert (
        in_utf8(file, check_material(file, "a", most_bytes=1000).encoding, file.parent).read_bytes() == GERMAN.encode()
    )


@pytest.mark.parametrize(("name", "kind"), [("a.md", Kind.MD), ("a.Markdown", Kind.MD), ("a.md.txt", Kind.TXT)])
def test_markdown_is_a_text_that_is_called_so(file: Path, name: str, kind: Kind) -> None:
    file.write_text("<p align=center>Leaves</p>")
    assert check_material(file, name, most_bytes=1000).kind is kind


@pytest.mark.parametrize(
    "content",
    [
        b"Leaves\x00and light",
        "Блаженны листья и свет".encode("cp1251"),
        "日本語のテキスト".encode("shift-jis"),
        "中文的文字内容".encode("gbk"),
        "książka była".encode("cp1250"),
        "Leaves".encode("utf-16-le"),
        "Leaves".encode("utf-32"),
        b"\xff\xfeL",  # half of a character
        b"\xef\xbb\xbf\xff",
        b"caf\xe9 \x01\x02",
        b"\x81\x8d\x8f",
        b"\xc3\x28 and \x90",
    ],
)
def test_what_is_no_text_or_of_unknown_encoding_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "a text not saved as UTF-8" in refusal(file)


@pytest.mark.parametrize("content", [b" \r\n\t", b"\xef\xbb\xbf \n", " \n".encode("utf-16"), "\u200b\u2060".encode()])
def test_a_text_of_nothing_but_space_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "nothing in it but space" in refusal(file)


def test_what_is_found_late_in_a_text_is_found(file: Path) -> None:
    file.write_bytes(b"word " * 500_000 + b"\x00")
    with pytest.raises(BadMaterial):
        check_material(file, "a.txt", most_bytes=10_000_000)
