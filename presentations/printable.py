"""Texts that come from outside, on their way to a terminal (in logs, and in what commands print), or to a reader."""

from __future__ import annotations

import unicodedata

import regex

# They join and part letters in emoji and in Persian or Hindi words, and change nothing outside of the word.
_JOINERS = "\u200c\u200d"
_PARTING = regex.compile(r"[\t\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# What nobody sees: but for line breaks, joiners, what makes one emoji of several, and the marks of direction that turn
# nothing but what stands beside them. What is private is a picture in one font only.
_UNSEEN = regex.compile(
    r"(?V1)[[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]"
    r"--[\n\u200c-\u200f\u061c\p{Variation_Selector}\U000e0020-\U000e007f]]"
)


def printable(text: str) -> str:
    """`text` in one line that only shows something, and does nothing to the terminal or to what stands around it.

    Line breaks of all kinds, control characters (terminals act on them) and those that turn the direction of writing
    come as Python would write them: `\\n`, `\\x1b`, `\\u202e`.
    """
    if text.isprintable():
        return text
    return "".join(one if _is_harmless(one) else one.encode("unicode_escape").decode() for one in text)


def _is_harmless(one: str) -> bool:
    return one.isprintable() or one in _JOINERS or unicodedata.category(one) == "Zs"


def readable(text: str) -> str:
    """`text` for a page: without what nobody sees, and each line without space around it; empty lines are left out."""
    seen = _UNSEEN.sub("", _PARTING.sub(" ", text))
    return "\n".join(line for part in seen.split("\n") if (line := part.strip()))
