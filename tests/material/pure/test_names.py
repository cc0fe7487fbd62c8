"""What a file is called, and the topic that its name suggests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentations.material import Kind, clean_name, title_of


@pytest.mark.parametrize(
    ("name", "kind", "clean"),
    [
        ("Cells.pdf", None, "Cells.pdf"),
        ("Cells.pdf", Kind.PDF, "Cells.pdf"),
        ("CELLS.PDF", Kind.PDF, "CELLS.PDF"),
        ("C:\\Users\\ada\\Cells.pdf", None, "Cells.pdf"),
        ("../../etc/passwd", Kind.TXT, "passwd.txt"),
        ("a/b\\..", Kind.PDF, "Material.pdf"),
        ("..", None, "Material"),
        ("", Kind.TXT, "Material.txt"),
        (".pdf", Kind.PDF, "Material.pdf"),
        ("CON", Kind.TXT, "Material CON.txt"),
        ("nul.pdf", Kind.PDF, "Material nul.pdf"),
        ("a\x00b\x1b[31m\n.txt", Kind.TXT, "a b [31m.txt"),
        ("gnp\u202efdp.exe", Kind.PDF, "gnpfdp.exe.pdf"),
        ("\u2066Zellen\u2069\u200f.docx", Kind.DOCX, "Zellen.docx"),
        ("الخلايا.pdf", Kind.PDF, "الخلايا.pdf"),
        ("Chapter 1.2 Cells", Kind.PDF, "Chapter 1.2 Cells.pdf"),
        ("Chapter 1.2", Kind.PDF, "Chapter 1.2.pdf"),
        ("old.doc", Kind.DOCX, "old.docx"),
        ("list.csv", Kind.TXT, "list.csv.txt"),
        ("show.ppsx", Kind.PPTX, "show.pptx"),
        ("notes.markdown", Kind.MD, "notes.markdown"),
        ("Cells.PDF?", None, "Cells.PDF"),
    ],
)
def test_a_name_is_made_clean(name: str, kind: Kind | None, clean: str) -> None:
    assert clean_name(name, kind) == clean


@pytest.mark.parametrize("letter", ["x", "植", "👩\u200d👩\u200d👧\u200d👦", "क्षि"])
def test_a_long_name_keeps_its_ending(letter: str) -> None:
    name = clean_name(letter * 300 + ".docx")
    assert name.endswith(f"{letter}.docx")
    assert 60 < len(name) <= 120
    assert len(name.encode()) <= 240


@given(st.text(max_size=400), st.sampled_from([None, *Kind]))
def test_any_name_can_be_kept(name: str, kind: Kind | None) -> None:
    clean = clean_name(name, kind)
    assert 0 < len(clean) <= 120
    assert len(clean.encode()) <= 240
    assert not {"/", "\\", "\x00", "\n", "\u202e"} & set(clean)
    assert clean not in (".", "..")
    assert clean_name(clean, kind) == clean


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Cell_division-2024.pdf", "Cell division-2024"),
        ("Chapter 1.2__Cells.docx", "Chapter 1.2 Cells"),
        ("/home/ada/Cells.docx", "Cells"),
        ("scan_0001.pdf", "scan 0001"),
        ("-.pdf", "Material"),
        ("", "Material"),
    ],
)
def test_a_topic_is_taken_from_it(name: str, title: str) -> None:
    assert title_of(name) == title


@given(st.text(max_size=400))
def test_there_is_always_a_topic(name: str) -> None:
    assert 0 < len(title_of(name)) <= 120
