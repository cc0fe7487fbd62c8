"""A deck on paper: a Word file with three slides a page beside lines to write on, or each slide with its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from presentations.decks.words import SlideWords


class HandoutLayout(StrEnum):
    """What is on the pages."""

    THREE = "three"
    NOTES = "notes"


def handout_docx(
    title: str,
    slides: Sequence[SlideWords],
    pictures: Mapping[int, bytes] | None,
    layout: HandoutLayout,
    last_words: str = "",
) -> bytes:
    """The Word file. `pictures` has those of the slides by their numbers (WebP, PNG or JPEG); others show their text.

    "three" wants them about 500 pixels wide, "notes" 1,000. `last_words` stand below all slides.
    """
    # Here and not above: who reads or shows a deck need not wait for python-docx and Pillow.
    from presentations.decks import word_file

    write = word_file.write_rows if layout == HandoutLayout.THREE else word_file.write_notes
    return write(title, slides, pictures or {}, last_words)
