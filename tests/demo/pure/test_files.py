"""The files that decks are kept in and exported to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from presentations.demo.decks import Decks
from presentations.demo.filenames import titled_file_name
from presentations.demo.outline import write_slides
from presentations.demo.pdf import write_pdf
from presentations.demo.powerpoint import write_pptx

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


@pytest.mark.parametrize("title", ["Rome", "Größe (und \\ mehr)", "光合作用とは何か", "x" * 500])
def test_a_pdf_says_where_its_parts_are(tmp_path: Path, title: str) -> None:
    file = tmp_path / "deck.pdf"
    write_pdf(write_slides(title, 6), file)
    written = file.read_bytes()
    table = int(re.findall(rb"startxref\n(\d+)\n%%EOF", written)[0])
    assert written[table:].startswith(b"xref\n0 16\n")
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n", written), 1):
        assert written[int(place) :].startswith(b"%d 0 obj\n" % number)
    for length in re.finditer(rb"/Length (\d+)>>stream\n", written):
        assert written[length.end() + int(length[1]) :].startswith(b"\nendstream")


def test_a_deck_without_slides_has_files_all_the_same(tmp_path: Path) -> None:
    for write, name in ((write_pdf, "draft.pdf"), (write_pptx, "draft.pptx")):
        write([], tmp_path / name)
        assert (tmp_path / name).stat().st_size > 100


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
