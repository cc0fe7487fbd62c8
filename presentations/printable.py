"""Texts that come from outside, on their way to a terminal: in logs, and in what commands print."""

from __future__ import annotations

import unicodedata

# They join and part letters in emoji and in Persian or Hindi words, and change nothing outside of the word.
_JOINERS = "\u200c\u200d"


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
