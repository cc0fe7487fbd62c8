"""What files are called."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote
from uuid import UUID

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from presentations.filenames import MOST_BYTES, FileNames, file_names

ID = UUID("0f2c8a1e-0000-4000-8000-00000000002a")
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
HEART = "❤\ufe0f"
SYLLABLE = "क्षि"
# What no name may show or do.
BAD = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]')
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    "conin$",
    "conout$",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
}


def names(title: str, ending: str = ".pptx") -> FileNames:
    return file_names(title, ID, ending)


@pytest.mark.parametrize(
    ("title", "shown", "plain"),
    [
        ("Cells", "Cells", "Cells"),
        ("Zellen & Gewebe: café?", "Zellen & Gewebe café", "Zellen-Gewebe-cafe"),
        ("Cafe\u0301", "Café", "Cafe"),
        ("../../etc/passwd", "etc passwd", "etc-passwd"),
        ('a "b" <c>: d|e?', "a b c d e", "a-b-c-d-e"),
        ("-rf *", "-rf", "rf"),
        (".hidden.", "hidden", "hidden"),
        ("...", "Presentation", "Presentation"),
        (" \t\n ", "Presentation", "Presentation"),
        ("\u200d\ufe0f\u3164\u2800\u00ad", "Presentation", "Presentation"),
        ("\u202egnp.exe", "gnp.exe", "gnp-exe"),
        ("a\u2066b\u2069\u200fc\u061cd", "abcd", "abcd"),
        ("one\u2028two\x00three\x9bfour\ud800", "one two three four", "one-two-three-four"),
        ("CON", "Presentation CON", "CON"),
        ("nul.txt", "Presentation nul.txt", "nul-txt"),
        ("Com¹ . x", "Presentation Com¹ . x", "Com1-x"),
        ("LPT9", "Presentation LPT9", "LPT9"),
        ("Contents", "Contents", "Contents"),
        ("مقدمة", "مقدمة", "Presentation"),
        ("光合作用", "光合作用", "Presentation"),
        (PERSIAN, PERSIAN, "Presentation"),
        (FAMILY, FAMILY, "Presentation"),
        (ENGLAND, ENGLAND, "Presentation"),
        (HEART, HEART, "Presentation"),
        (f"1{HEART}\u200d", f"1{HEART}", "1"),
    ],
)
def test_files_have_names_that_every_system_takes(title: str, shown: str, plain: str) -> None:
    assert names(title) == FileNames(f"{shown}.pptx", f"{plain}-{ID}.pptx")


@pytest.mark.parametrize("character", ["x", "é", "光", "م", FAMILY, ENGLAND, HEART, SYLLABLE, "🇩🇪", "각", "👍🏽"])
def test_long_names_are_cut_between_what_readers_see_as_characters(character: str) -> None:
    room = MOST_BYTES - len(".pptx")
    assert names(character * 200).shown == character * (room // len(character.encode())) + ".pptx"


def test_character_that_is_too_long_for_a_name_is_none() -> None:
    assert names("a" + "\u0301" * 500).shown == "Presentation.pptx"
    assert names("Zalgo a" + "\u0301" * 500).shown == "Zalgo.pptx"


def test_what_is_cut_off_leaves_no_dot_space_or_device() -> None:
    assert names("x" * 144 + ". tail").shown == "x" * 144 + ".pptx"
    assert names("con." + "\u0301" * 500).shown == "Presentation con.pptx"


def test_a_file_without_an_ending_has_a_name() -> None:
    assert names("Cells.", "") == FileNames("Cells", f"Cells-{ID}")


@given(st.text(max_size=300), st.sampled_from([".pptx", ".pdf", ""]))
def test_whatever_the_title_the_names_are_safe(title: str, ending: str) -> None:
    found = names(title, ending)
    shown, stem = found.shown, found.shown.removesuffix(ending)
    assert stem
    assert len(shown.encode()) <= MOST_BYTES
    assert not BAD.search(shown)
    assert shown == unicodedata.normalize("NFC", shown)
    assert stem == stem.strip(" .")
    assert stem.split(".")[0].strip().lower() not in DEVICES
    assert regex.search(r"[^\s\p{Default_Ignorable_Code_Point}\u2800]", stem)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", found.plain.removesuffix(ending))
    assert str(ID) in found.plain
    assert len(found.plain) <= MOST_BYTES
    # What names have to be like is not changed by being done twice.
    assert names(stem, ending).shown == shown


@given(st.text(max_size=100))
def test_header_says_both_names(title: str) -> None:
    found = names(title)
    header = found.content_disposition
    assert header.isascii()
    plain, encoded = header.split("; filename*=UTF-8''")
    assert plain == f'attachment; filename="{found.plain}"'
    assert unquote(encoded) == found.shown
    assert parse_options_header(header) == ("attachment", {"filename": found.shown})
