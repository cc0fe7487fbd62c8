"""How things are said to a teacher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import adler32

from presentations.errors import InvalidRequest
from presentations.models import PENDING, UNORGANIZED, Presentation
from presentations.web.cover import circles

# What Presenton says, and what that means.
_STAGES = {
    "Queued for generation": "Waiting in the slide generator",
    "Starting presentation generation": "Getting started",
    "Generating presentation outlines": "Planning the slides",
    "Selecting layout for each slide": "Choosing layouts",
    "Fetching assets for slides": "Finding pictures",
    "Exporting presentation": "Putting it all together",
}
_WRITING = ("Generating slides", "Writing")
_LONGEST_QUOTE = 80
_ACCENT = 232


def doing(presentation: Presentation) -> str:
    """What is being done for it now. Words that are not known here are given as they are."""
    if presentation.status == PENDING:
        return "Waiting for its turn"
    message = (presentation.message or "").strip()
    if message in _WRITING:
        return _writing(presentation.slides_done, presentation.slides_total or presentation.n_slides)
    return _STAGES.get(message, message) or "Getting started"


def _writing(done: int | None, total: int) -> str:
    if done is None:
        return "Writing the slides"
    return f"Writing slide {min(done + 1, total)} of {total}"


def ago(time: datetime, now: datetime | None = None) -> str:
    """How long ago that was, no finer than anybody cares for."""
    minutes = max(0, int(((now or datetime.now(UTC)) - time).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago"


def day(time: datetime, now: datetime | None = None) -> str:
    """The day of `time`, as short as it is clear."""
    local, today = time.astimezone(), (now or datetime.now(UTC)).astimezone().date()
    if local.date() == today:
        return f"today, {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return "yesterday"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def slides(number: int) -> str:
    return "1 slide" if number == 1 else f"{number} slides"


def quoted(title: str) -> str:
    """A title inside a sentence: not too long, and in its own writing direction."""
    short = title if len(title) <= _LONGEST_QUOTE else title[: _LONGEST_QUOTE - 1].rstrip() + "…"
    return f"“\u2068{short}\u2069”"


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper()


def complaint(error: InvalidRequest) -> str:
    """What is wrong with a field, beside that field."""
    if error.problem.endswith("got nothing"):
        return "Please write something here."
    return f"{error.problem[0].upper()}{error.problem[1:]}."


def hue(key: str) -> int:
    """A subject's colour, always the same: one of ten round the wheel, of which none is near the accent's."""
    if key == UNORGANIZED:
        return _ACCENT
    return (_ACCENT + 30 + adler32(key.encode()) % 10 * 30) % 360


FILTERS: dict[str, Callable[..., Any]] = {
    "circles": circles,
    "doing": doing,
    "ago": ago,
    "day": day,
    "slides": slides,
    "hue": hue,
    "initials": initials,
}
