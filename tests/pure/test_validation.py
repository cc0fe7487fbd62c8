"""Texts that come from outside: which are kept, and why others are not."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentations.errors import InvalidRequest
from presentations.validation import ID_PATTERN, TEXT_PATTERN, checked_text, checked_user, shows_nothing, whole_number

BLANK = [
    "",
    " \t\n",
    "\u00a0\u2003\u3000",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\x01\x1b\x7f\x85",
    "\u00ad\u034f\u061c\u180e",
    "\u115f\u1160\u3164\uffa0",
    "\u2800\u2800",
    "\u17b4\u17b5\ufe0f\U000e0100",
    "\U000e0041\U000e007f",
    "\u202e\u2066\u2069",
    "\U0001d159\U0001d173\U0001bca0\ufff9\ufff0\u2065",
    "\ufffc",
    "\ufffe",
    "\U00013430",
]
# Nothing that a pattern without categories could tell.
BARE = [
    "\ue000\uf8ff",
    "\U000f0000",
    "\U0010ffff",
    "\u0378",
    "\u0301",
    "\u0600",
    "\u06dd",
    "\u070f",
    "\u0903",
    "\u20dd",
    "\U00013441",
    "\U00013442",
    "\U00016fe4",
]
SEEN = [
    "a",
    "\u200ba\u200b",
    "\u0663",
    "a\u0301",
    "\u06dd\u0661",
    ".",
    "\u3042",
    "\ufffd",
    "\U0001f600",
    "\U0001fae8",
    "\U00031350",
    "\U0001f469\u200d\U0001f680",
    "❤\ufe0f",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u05d0\u200e1\u200f\u061c",
    "\ue000 logo",
    "two\nlines\tand a tab",
]


@pytest.mark.parametrize("text", [*BLANK, *BARE], ids=ascii)
def test_what_shows_nothing_is_empty(text: str) -> None:
    assert shows_nothing(text)
    with pytest.raises(
        InvalidRequest, match=r"topic: expected some text, got (nothing|only characters that show nothing)"
    ):
        checked_text("topic", text, 500)


@pytest.mark.parametrize("text", SEEN, ids=ascii)
def test_what_shows_something_is_kept(text: str) -> None:
    assert checked_text("topic", text, 500) == text
    assert re.search(TEXT_PATTERN, text)


@pytest.mark.parametrize("text", BLANK, ids=ascii)
def test_the_api_describes_most_of_what_shows_nothing(text: str) -> None:
    assert not re.search(TEXT_PATTERN, text)
    assert not re.fullmatch(ID_PATTERN, text)


def test_a_single_character_is_seen_by_its_category() -> None:
    for one in map(chr, range(0x110000)):
        category = unicodedata.category(one)
        if category[0] in "MZ" or (category in ("Cc", "Cf", "Co") and one != "\x00"):
            assert shows_nothing(one), ascii(one)
        if not re.search(TEXT_PATTERN, one) and one != "\x00":
            assert shows_nothing(one), ascii(one)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\x01b\x07", "ab"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\u2066b\u2069\u202dc", "abc"),
        ("one\x0btwo\x85three\x1ffour", "one two three four"),
        ("\x1b[31mred", "[31mred"),
        ("a\ufffe\ufdd0b", "ab"),
        (" \x01 a", "a"),
    ],
    ids=ascii,
)
def test_what_nobody_sees_is_left_out(written: str, kept: str) -> None:
    assert checked_text("topic", written, 500) == kept


@given(st.text())
def test_what_is_kept_is_kept_as_it_is_the_next_time(text: str) -> None:
    try:
        kept = checked_text("topic", text, 500)
    except InvalidRequest:
        return
    assert checked_text("topic", kept, 500) == kept
    assert not shows_nothing(kept)
    assert {unicodedata.category(one) for one in set(kept) - set("\t\n\r")}.isdisjoint({"Cc", "Cs"})
    assert {unicodedata.bidirectional(one) for one in kept}.isdisjoint(
        {"LRO", "RLO", "LRE", "RLE", "LRI", "RLI", "FSI"}
    )


@pytest.mark.parametrize("user_id", ["a\x01", "a\u202eb", "a\nb", "ada\n", "\ufffea"], ids=ascii)
def test_an_id_is_not_taken_for_another(user_id: str) -> None:
    with pytest.raises(InvalidRequest, match=r"MCP_USER: holds a character that nobody sees, U\+....: leave it out"):
        checked_user(user_id, "MCP_USER")
    assert not re.fullmatch(ID_PATTERN, user_id)


@pytest.mark.parametrize(("text", "named"), [("a\x00b", r"U\+0000"), ("a\ud800", r"U\+D800"), ("\udfff", r"U\+DFFF")])
def test_what_cannot_be_stored_is_named(text: str, named: str) -> None:
    with pytest.raises(InvalidRequest, match=f"topic: holds a character that cannot be stored, {named}: leave it out"):
        checked_text("topic", text, 500)


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 12 ", 12), ("-1", -1), ("+7", 7), ("9" * 18, 10**18 - 1)])
def test_whole_numbers(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1_0", "1.0", "\u0663", "\uff15", "\u00b2", "1e3", "9" * 19, "9" * 5000, "0x1"]
)
def test_what_is_no_whole_number_in_our_digits(text: str) -> None:
    assert whole_number(text) is None
