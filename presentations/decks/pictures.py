"""Pictures of a deck's pages, drawn of its PDF by pdfium in the sandbox.

A page at which the renderer ends, by whatever it has in it, costs its own pictures only: drawing goes on after it.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from presentations.decks import sandbox
from presentations.decks.bounds import MOST_COUNTED, MOST_SLIDES
from presentations.decks.errors import Crashed, RenderingFailed

_SECONDS = 600.0  # for a whole deck; draw.py has a limit for each page
_MEMORY_MB = 1024
_MOST_BYTES = 16 * 1024 * 1024
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Picture:
    """The pictures of one page, WebP; the sizes are the large one's, in pixels. All are None where it was not drawn."""

    number: int
    small: Path | None = None
    large: Path | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Pages:
    """The pages of a PDF: how many there are, and the pictures of the first."""

    count: int
    pictures: list[Picture]


def draw_pictures(pdf: Path, folder: Path, *, most_pages: int = MOST_SLIDES, page_seconds: float = 20.0) -> Pages:
    """The pictures of the first `most_pages` pages, in order, in files in `folder`, which has to be there and empty.

    The longer side of the large ones has 1600 pixels, of the small ones 480 (fewer of tiny pages). Pages that could not
    be drawn, not in `page_seconds`, or not in the ten minutes that a deck may take, have none.

    Raises RenderingFailed where the PDF cannot be read.
    """
    started = time.monotonic()
    tried, last, count, failure = 0, most_pages, 0, None
    while tried < last and (left := started + _SECONDS - time.monotonic()) > 0:
        failure = _failure_of_drawing(pdf, folder, (tried + 1, last, page_seconds), left)
        count = _count(folder, failure)
        last = min(last, count)
        while tried < last and _picture(folder, tried + 1).large:
            tried += 1
        if tried < last:
            tried += 1
            log.warning("could not draw page %d of %s: %s", tried, pdf.name, failure)
    pictures = [_picture(folder, number) for number in range(1, last + 1)]
    drawn = sum(picture.large is not None for picture in pictures)
    log.info("drew %d of %d pages of %s in %.1f s", drawn, count, pdf.name, time.monotonic() - started)
    return Pages(count, pictures)


def _failure_of_drawing(
    pdf: Path, folder: Path, pages: tuple[int, int, float], seconds: float
) -> RenderingFailed | None:
    command = [*sandbox.script("draw"), str(pdf.resolve()), str(folder.resolve()), *map(str, pages)]
    try:
        done = sandbox.run(command, seconds=seconds, memory_mb=_MEMORY_MB, folder=folder, reads=[pdf])
    except RenderingFailed as error:
        return error
    log.info("drawing %s took %d MB of memory", pdf.name, done.peak_memory // 1024**2)
    return None


# What the sandbox leaves behind may be anything.


def _count(folder: Path, failure: RenderingFailed | None) -> int:
    """How many pages there are, as it says; if it does not, why."""
    count = _said(folder / "pages.json")
    if type(count) is int and 0 <= count <= MOST_COUNTED:
        return count
    raise failure or Crashed("the renderer does not say how many pages there are")


def _picture(folder: Path, number: int) -> Picture:
    small, large = folder / f"{number}-small.webp", folder / f"{number}-large.webp"
    match _said(folder / f"{number}.json"):
        case [int(width), int(height)] if width > 0 and height > 0 and _is_picture(small) and _is_picture(large):
            return Picture(number, small, large, width, height)
    return Picture(number)


def _said(file: Path) -> object:
    if not sandbox.is_plain(file, most_bytes=100):
        return None
    try:
        said: object = json.loads(file.read_bytes())
    except ValueError:
        return None
    return said


def _is_picture(file: Path) -> bool:
    if not sandbox.is_plain(file, most_bytes=_MOST_BYTES):
        return False
    with file.open("rb") as opened:
        head = opened.read(12)
    return head[:4] == b"RIFF" and head[8:] == b"WEBP"
