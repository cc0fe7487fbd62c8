"""How things are said to a teacher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zlib import adler32

from presentations.accounts import Ended
from presentations.bidi import isolated
from presentations.database.models import PENDING, UNORGANIZED, Event, Presentation
from presentations.errors import InvalidRequest
from presentations.jobs import Outlook
from presentations.options import OPTIONS
from presentations.web.times import about, ago, day, exact, when

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
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def doing(presentation: Presentation, outlook: Outlook) -> str:
    """What is being done for it now, and what is to be expected. Words not known here are given as they are."""
    if presentation.awaits_teacher:
        return "Its outline waits for you"
    if presentation.status == PENDING:
        return _waiting(presentation, outlook)
    parts = [_at_work(presentation)]
    if presentation.started_at:
        parts.append(f"started {ago(presentation.started_at)}")
    now = datetime.now(UTC)
    left = outlook.seconds_left(presentation, now)
    if left is not None:
        parts.append(f"about {about(left)} left")
    elif outlook.is_overdue(presentation, now):
        parts.append("slower than usual")
    return " · ".join(parts)


def _waiting(presentation: Presentation, outlook: Outlook) -> str:
    place = outlook.places.get(presentation.id)
    if place is None:
        return "Waiting for its turn. You can leave this page."
    seconds = outlook.seconds_to_start(presentation)
    usually = "" if seconds is None else f" · usually starts within {about(seconds)}"
    return f"Waiting: {ordinal(place)} in line{usually}. You can leave this page."


def _at_work(presentation: Presentation) -> str:
    message = (presentation.message or "").strip()
    if presentation.needs_outline and (not message or message in _STAGES):
        return "Writing the outline"
    if message in _WRITING:
        return _writing(presentation.slides_done, presentation.slides_total or presentation.n_slides)
    if not message:
        return "Getting started"
    return _STAGES.get(message) or isolated(message)


def _writing(done: int | None, total: int) -> str:
    if done is None:
        return "Writing the slides"
    return f"Writing slide {min(done + 1, total)} of {total}"


def expected(outlook: Outlook, n_slides: int) -> str:
    """How long one of so many slides takes that is asked for now, and how many are made before it."""
    seconds = outlook.seconds_to_make(n_slides)
    takes = "It takes a while" if seconds is None else f"About {about(seconds)}"
    before = f"; {outlook.in_line:,} before yours" if outlook.in_line else ""
    return f"{takes}{before}. You can leave this page."


def ordinal(number: int) -> str:
    """What comes at this place, from 1."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    is_teen = number // 10 % 10 == 1
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def presentations(number: int) -> str:
    return "1 presentation" if number == 1 else f"{number:,} presentations"


def slides(number: int) -> str:
    return "1 slide" if number == 1 else f"{number} slides"


def outlines(number: int) -> str:
    """How many wait for their teacher, as a sentence to that teacher."""
    return "1 outline waits for you" if number == 1 else f"{number} outlines wait for you"


def topics(number: int) -> str:
    return "1 topic" if number == 1 else f"{number} topics"


def switched_off(ended: Ended) -> str:
    """What ended with somebody's power, as a sentence to add; empty when nothing did."""
    counts = ((len(ended.tokens), "token"), (len(ended.webhooks), "webhook"))
    parts = [f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number]
    return f" What stood on it is switched off: {' and '.join(parts)}." if parts else ""


def quoted(title: str, marks: str = "“”") -> str:
    """A title inside a sentence: not too long, and in its own writing direction. A name needs no `marks`."""
    short = title if len(title) <= _LONGEST_QUOTE else title[: _LONGEST_QUOTE - 1].rstrip() + "…"
    return f"{marks[:1]}{isolated(short)}{marks[1:]}"


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper()


def will_be(asked: Presentation) -> str:
    """What becomes of one that was just asked for."""
    what = "An outline will be proposed" if asked.needs_outline else "It will be made"
    return f"{what}: {quoted(asked.shown_title)}. You can leave this page."


def asked_for(presentation: Presentation) -> list[tuple[str, str]]:
    """What it was asked for with, but for its text: the label of each option that was chosen, and its value."""
    options = [option for option in OPTIONS if option.name != "text"]
    said = [(option.label, option.said(getattr(presentation, option.name))) for option in options]
    return [(label, value) for label, value in said if value]


def happened(event: Event) -> str:
    """One line of a presentation's story."""
    if event.kind == "submitted" and event.detail and event.detail != "1":
        return f"Asked the slide generator again, try {event.detail}"
    if event.kind == "error":
        return f"Not made. {isolated(event.detail)}" if event.detail else "Not made."
    return _STORY[event.kind]


_STORY = {
    "asked": "Asked for",
    "started": "Its turn came",
    "submitted": "Asked the slide generator",
    "outlined": "An outline was proposed",
    "accepted": "Its outline was accepted",
    "complete": "Finished",
    "cancelled": "Cancelled",
    "deleted": "Deleted",
    "restored": "Brought back",
}


def complaint(error: InvalidRequest) -> str:
    """What is wrong with a field, beside that field."""
    if error.problem.endswith("text, got nothing"):
        return "Please write something here."
    return f"{error.problem[0].upper()}{error.problem[1:].removesuffix('.')}."


def hue(key: str) -> int:
    """A subject's colour, always the same: one of ten round the wheel, of which none is near the accent's."""
    if key == UNORGANIZED:
        return _ACCENT
    return (_ACCENT + 30 + adler32(key.encode()) % 10 * 30) % 360


FILTERS: dict[str, Callable[..., Any]] = {
    "asked_for": asked_for,
    "doing": doing,
    "ago": ago,
    "about": about,
    "day": day,
    "exact": exact,
    "happened": happened,
    "outlines": outlines,
    "presentations": presentations,
    "slides": slides,
    "hue": hue,
    "initials": initials,
    "isolated": isolated,
    "topics": topics,
    "when": when,
}
