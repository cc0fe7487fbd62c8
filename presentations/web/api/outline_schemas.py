"""What the API takes and gives of outlines."""

from __future__ import annotations

from typing import Any

from apiflask.fields import UUID, List, Nested, String

from presentations.options import MAX_POINTS, MAX_SLIDE, MAX_SLIDES
from presentations.web.api.bases import Given, Sent, moment
from presentations.web.api.fields import Counted, loose_text, text, time, user

_TITLE, _POINT = "Its heading.", "A point: a sentence, or lines of Markdown that belong together."
_MARKDOWN = "The same as Markdown: a heading, and a list of its points."
_SEEN = "`awaits_teacher_since` of the outline that you have read: 409 if it was changed since. Left out: in any case."
_WHOSE = "Whose it is; for tokens that act for everybody."
EXAMPLE: dict[str, Any] = {
    "slides": [
        {"title": "What light does", "points": ["Leaves catch it", "Red and blue are used, green is not"]},
        {"title": "Exit ticket", "points": ["Name two things that a leaf needs"]},
    ]
}


class ChangedSlide(Sent):
    """A slide of an outline: its title, its points or both, or else its Markdown."""

    title = loose_text(MAX_SLIDE, _TITLE)
    points = List(text(MAX_SLIDE, _POINT), validate=Counted(0, MAX_POINTS, "points"))
    markdown = text(MAX_SLIDE, f"{_MARKDOWN} Beside title and points it has to say the same.")


class ChangedOutline(Sent):
    """All slides that there are to be, in their order."""

    slides = List(Nested(ChangedSlide), required=True, validate=Counted(1, MAX_SLIDES, "slides"))
    seen = time(_SEEN)
    user_id = user(_WHOSE)


class AnsweredOutline(Sent):
    """What the presentation is to be made of. Nothing: of the outline as it was kept last."""

    slides = List(Nested(ChangedSlide), validate=Counted(1, MAX_SLIDES, "slides"))
    seen = time(_SEEN)
    user_id = user(_WHOSE)


class OutlineSlide(Given):
    """A slide of an outline."""

    title = String(required=True, metadata={"description": f"{_TITLE} Empty where it begins with a list."})
    points = List(String(metadata={"description": _POINT}), required=True)
    markdown = String(required=True, metadata={"description": _MARKDOWN})


class Outline(Given):
    """What a presentation is to be made of, slide by slide."""

    job_id = UUID(required=True)
    title = String(required=True, metadata={"description": "Of the presentation."})
    awaits_teacher_since = moment("Since when it waits for an answer; null: it was answered, or put aside.")
    slides = List(Nested(OutlineSlide), required=True)
