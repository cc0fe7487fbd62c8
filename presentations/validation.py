"""Texts that come from outside: rid of what nobody sees, and refused when they cannot be kept or show nothing."""

from __future__ import annotations

import re
import unicodedata

import regex

from presentations.errors import InvalidRequest

MAX_USER_ID = 200
# A letter, number, punctuation mark or symbol that has a picture of its own, as U+2800 (the empty pattern of Braille),
# U+FFFC (an object that is not there) and the blanks of hieroglyphs and of musical notation have not. regex knows newer
# characters than Python's unicodedata, to which the emoji of the last years are unassigned.
_SEEN = (
    r"(?V1)[[\p{L}\p{N}\p{P}\p{S}]"
    r"--[\p{Default_Ignorable_Code_Point}\u2800\ufffc\U00013441\U00013442\U0001d159]]"
)
# What terminals act on, what turns the direction of all that follows, and what XML cannot hold, and so no .pptx:
# control characters but for tab and line breaks, bidirectional embeddings, overrides and isolates, noncharacters.
_UNFIT = r"\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
_DROPPED = rf"[{_UNFIT}]"
# Of these, what parts words: a line break of Word's comes as U+000B.
_PARTING = r"[\x0b\x0c\x1c-\x1f\x85]"
_LINES = r"\t\n\r"
_NEVER_IN_IDS = rf"[{_LINES}{_UNFIT}]"
# Most of what else is not seen, for the API's description: JSON Schema asks for regular expressions that know no
# categories, and in JavaScript's, too, \u takes four digits. Marks, and what is private or not assigned, are left to
# _problem_of(): generators of examples go through each character of a range.
_UNSEEN = (
    r" \xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028\u2029\u202f\u205f-\u2065"
    r"\u206a-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NOTHING = _LINES + _UNFIT + _UNSEEN
# Some text: something that is seen, and no NUL. That the first part takes nothing that is seen keeps it from trying
# each of a million letters as the one that is.
TEXT_PATTERN = rf"^[{_NOTHING}]*[^\x00{_NOTHING}][^\x00]*$"
ID_PATTERN = rf"^[{_UNSEEN}]*[^\x00{_NOTHING}][^\x00{_LINES}{_UNFIT}]*$"
# What a 64-bit column takes. int() and isdecimal() take more spellings than anybody means: 1_000, ١٢, 10,000 digits.
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def shows_nothing(text: str) -> bool:
    """Whether no character of it is one that a reader sees: only spaces, controls, marks, fillers, private ones, ...

    What cannot be stored is more than nothing: it is refused, and not passed over.
    """
    return regex.search(_SEEN, text) is None and _not_kept(text) is None


def _not_kept(text: str) -> str | None:
    return next((c for c in text if c == "\x00" or unicodedata.category(c) == "Cs"), None)


def _problem_of(text: str) -> str | None:
    """Why this cannot be kept as a text of somebody's; None when it can."""
    lost = _not_kept(text)
    if lost is not None:
        return f"holds a character that cannot be stored, U+{ord(lost):04X}: leave it out"
    if not text.strip():
        return "expected some text, got nothing"
    return "expected some text, got only characters that show nothing" if shows_nothing(text) else None


def checked_text(field: str, value: object, longest: int) -> str:
    """`value` without the space around it, and without the control characters and turns of direction in it.

    Raises InvalidRequest unless that leaves 1 to `longest` characters that can be stored, and of which some are seen.
    """
    if not isinstance(value, str):
        raise InvalidRequest(field, f"expected text, got {type(value).__name__}")
    text = re.sub(_DROPPED, "", re.sub(_PARTING, " ", value)).strip()
    if len(text) > longest:
        raise InvalidRequest(field, f"expected at most {longest} characters, got {len(text)}")
    if problem := _problem_of(text or value):
        raise InvalidRequest(field, problem)
    return text


def checked_id(field: str, value: object, longest: int) -> str:
    """checked_text() for what tells two apart: what would be left out of another text is refused in it."""
    text = checked_text(field, value, longest)
    if unfit := re.search(_NEVER_IN_IDS, str(value)):
        raise InvalidRequest(field, f"holds a character that nobody sees, U+{ord(unfit[0]):04X}: leave it out")
    return text


def checked_user(value: object, field: str = "user_id") -> str:
    """A user's id, 1 to 200 characters. Raises InvalidRequest."""
    return checked_id(field, value, MAX_USER_ID)


def whole_number(text: str) -> int | None:
    """The number that is written in plain digits; None when it is anything else, or longer than 18 digits."""
    return int(text) if _WHOLE.fullmatch(text.strip()) else None
