"""Text of somebody's inside sentences of ours: in its own writing direction, and disturbing nobody else's."""

from __future__ import annotations

import unicodedata

# What would end the isolation early, or leak out of a title that was cut.
_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def isolated(text: str) -> str:
    """The text between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Bidirectional Algorithm, UAX #9).

    For where no <bdi> can stand: attributes, titles of pages, notifications, sentences that Python makes. A sentence
    has to begin with words of ours as well: browsers and systems take its direction from its first letter, isolated
    or not.
    """
    return f"\u2068{text.translate(_CONTROLS)}\u2069"


def is_right_to_left(text: str) -> bool:
    """Whether a text of its own is written from the right: its first strong letter says it (UAX #9, P2 and P3)."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"
