"""How much is read of a deck."""

from __future__ import annotations

MOST_SLIDES = 200
# What a file says to have more of says nothing true of it.
MOST_COUNTED = 1_000_000
# Characters, of a title, and of the text and of the notes of a slide each.
MOST_TITLE = 300
MOST_TEXT = 20_000


def cut(text: str, most: int) -> str:
    """At most so many characters of the text; where some are missing, it ends with "…"."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
