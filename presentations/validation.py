"""Texts that come from outside: cut to size, and refused when they cannot be kept or show nothing."""

from __future__ import annotations

import re
import unicodedata

from presentations.errors import InvalidRequest

MAX_USER_ID = 200
# As a regular expression, which the API's description has as well: in JavaScript's, too, \u takes four digits.
# What shows nothing though its category is that of a letter, a mark or a symbol: what is "default ignorable" by
# DerivedCoreProperties.txt of Unicode 17, the empty pattern of Braille, and a note head of musical notation.
_BLANK = (
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001d159\U000e0000-\U000e0fff"
)
# Spaces, controls and formats, but for the signs that stand before Arabic, Syriac and Kaithi numbers and are seen.
_EMPTY = (
    r"\x01-\x20\x7f-\xa0\xad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff\ufff9-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_NOTHING = _EMPTY + _BLANK
_BLANK_PATTERN = rf"[\x00{_NOTHING}]*"
# Some text: something that is seen, and no NUL. That the first part takes nothing that is seen keeps it from trying
# each of a million letters as the one that is.
TEXT_PATTERN = rf"^[{_NOTHING}]*[^\x00{_NOTHING}][^\x00]*$"
# What a 64-bit column takes. int() and isdecimal() take more spellings than anybody means: 1_000, ١٢, 10,000 digits.
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def shows_nothing(text: str) -> bool:
    """Whether all of it is space, or characters that nobody sees."""
    return re.fullmatch(_BLANK_PATTERN, text) is not None


def problem_of(text: str) -> str | None:
    """Why this cannot be kept as a text of somebody's; None when it can."""
    lost = next((c for c in text if c == "\x00" or unicodedata.category(c) == "Cs"), None)
    if lost is not None:
        return f"holds a character that cannot be stored, U+{ord(lost):04X}: leave it out"
    if not text.strip():
        return "expected some text, got nothing"
    return "expected some text, got only characters that show nothing" if shows_nothing(text) else None


def checked_text(field: str, value: object, longest: int) -> str:
    """`value` without the space around it.

    Raises InvalidRequest unless that leaves 1 to `longest` characters that can be stored, and of which some are seen.
    """
    if not isinstance(value, str):
        raise InvalidRequest(field, f"expected text, got {type(value).__name__}")
    text = value.strip()
    if len(text) > longest:
        raise InvalidRequest(field, f"expected at most {longest} characters, got {len(text)}")
    if problem := problem_of(text):
        raise InvalidRequest(field, problem)
    return text


def checked_user(value: object) -> str:
    """A user's id, 1 to 200 characters. Raises InvalidRequest."""
    return checked_text("user_id", value, MAX_USER_ID)


def whole_number(text: str) -> int | None:
    """The number that is written in plain digits; None when it is anything else, or longer than 18 digits."""
    return int(text) if _WHOLE.fullmatch(text.strip()) else None
