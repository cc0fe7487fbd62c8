"""Texts that come from outside: cut to size, and refused when they cannot be kept."""

from __future__ import annotations

import re
import unicodedata

from presentations.errors import InvalidRequest

MAX_USER_ID = 200
# What a 64-bit column takes. int() and isdecimal() take more spellings than anybody means: 1_000, ١٢, 10,000 digits.
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def whole_number(text: str) -> int | None:
    """The number that is written in plain digits; None when it is anything else, or longer than 18 digits."""
    return int(text) if _WHOLE.fullmatch(text) else None


def checked_text(field: str, value: object, longest: int) -> str:
    """`value` without the space around it.

    Raises InvalidRequest unless that leaves 1 to `longest` characters that can be stored.
    """
    if not isinstance(value, str):
        raise InvalidRequest(field, f"expected text, got {type(value).__name__}")
    text = value.strip()
    if not text:
        raise InvalidRequest(field, "expected some text, got nothing")
    if len(text) > longest:
        raise InvalidRequest(field, f"expected at most {longest} characters, got {len(text)}")
    if "\x00" in text or any(unicodedata.category(c) == "Cs" for c in text):
        raise InvalidRequest(field, "holds characters that cannot be stored")
    return text


def checked_user(value: object) -> str:
    """A user's id, 1 to 200 characters. Raises InvalidRequest."""
    return checked_text("user_id", value, MAX_USER_ID)
