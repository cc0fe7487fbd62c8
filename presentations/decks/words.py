"""The words of a deck: what stands on its slides, for those who do not see them, and to be searched."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from presentations.decks import sandbox
from presentations.decks.bounds import MOST_COUNTED, MOST_SLIDES, MOST_TEXT, MOST_TITLE, cut
from presentations.decks.errors import Crashed
from presentations.printable import readable

_SECONDS = 30
_MEMORY_MB = 1024
# How Office writes characters that XML does not hold: a line break in a title is _x000B_ (ECMA-376 part 1, 22.9.2.19).
_ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")


@dataclass(frozen=True)
class SlideWords:
    """What one slide says. `text` has a paragraph, a row of a table or the description of a picture in each line."""

    number: int  # from 1, hidden slides counted
    title: str
    text: str
    notes: str


@dataclass(frozen=True)
class DeckWords:
    """What a deck says: how many slides it has, hidden ones among them, and the words of the first 200."""

    count: int
    slides: list[SlideWords]


def read_words(pptx: Path) -> DeckWords:
    """The words of each slide, in reading order.

    Each has at most 300 characters in its title, and 20,000 in its text and in its notes; what is longer ends with "…".
    Raises Crashed for a file that cannot be read, and TooLong after 30 seconds.
    """
    with TemporaryDirectory() as folder:
        command = [*sandbox.script("read"), str(pptx.resolve())]
        done = sandbox.run(command, seconds=_SECONDS, memory_mb=_MEMORY_MB, folder=Path(folder), reads=[pptx])
    count, slides = _printed(done.output)
    return DeckWords(count, [_slide(number, said) for number, said in enumerate(slides, 1)])


def _printed(output: bytes) -> tuple[int, list[list[str]]]:
    """What the program printed. The file may have made it print anything."""
    try:
        said: Any = json.loads(output)
    except (ValueError, RecursionError) as error:
        raise Crashed(f"the reader of words printed no JSON: {error}") from error
    match said:
        case [int(count), list(slides)] if count <= MOST_COUNTED and len(slides) == min(count, MOST_SLIDES):
            if all(map(_is_slide, slides)):
                return int(count), slides
    raise Crashed("the reader of words printed something else than slides")


def _is_slide(said: Any) -> bool:
    return isinstance(said, list) and len(said) == 3 and all(isinstance(text, str) for text in said)


def _slide(number: int, said: list[str]) -> SlideWords:
    title, text, notes = (readable(_ESCAPED.sub(" ", one)) for one in said)
    return SlideWords(number, cut(" ".join(title.split()), MOST_TITLE), cut(text, MOST_TEXT), cut(notes, MOST_TEXT))
