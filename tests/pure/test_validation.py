"""Texts that come from outside: which are kept, and why others are not."""

from __future__ import annotations

import re
import unicodedata

import pytest

from presentations.errors import InvalidRequest
from presentations.validation import TEXT_PATTERN, checked_text, shows_nothing, whole_number

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
]
SEEN = [
    "a",
    "\u200ba\u200b",
    "\u0663",
    "\u0600",
    "\u06dd",
    "\u0301",
    ".",
    "\u3042",
    "\U0001f600",
    "\U0001f469\u200d\U0001f680",
]


@pytest.mark.parametrize("text", BLANK, ids=ascii)
def test_what_shows_nothing_is_empty(text: str) -> None:
    assert shows_nothing(text)
    assert not re.search(TEXT_PATTERN, text)
    with pytest.raises(
        InvalidRequest, match=r"topic: expected some text, got (nothing|only characters that show nothing)"
    ):
        checked_text("topic", text, 500)


@pytest.mark.parametrize("text", SEEN, ids=ascii)
def test_what_shows_something_is_kept(text: str) -> None:
    assert checked_text("topic", text, 500) == text
    assert re.search(TEXT_PATTERN, text)


def test_spaces_controls_and_formats_show_nothing_but_for_signs_before_numbers() -> None:
    seen = {
        ord(c)
        for c in map(chr, range(0x110000))
        if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc", "Cf") and not shows_nothing(c)
    }
    assert seen == {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


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
