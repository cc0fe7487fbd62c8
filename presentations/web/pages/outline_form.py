"""An outline as its teacher edits it: slides of a title and points, as they were typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from presentations.database.models import Presentation
from presentations.errors import InvalidRequest
from presentations.library import read_points, read_slide, write_points, write_slide
from presentations.options import MAX_SLIDES
from presentations.web.wording import complaint

_FIELD = re.compile(r"(?:title|points)-([1-9][0-9]{0,2})")
_BUTTON = re.compile(r"(add|delete|up|down)-([0-9]{1,3})")


@dataclass(frozen=True)
class TypedSlide:
    """A slide as it was typed, its points one a line, and what is wrong with it."""

    title: str = ""
    points: str = ""
    problem: str = ""


@dataclass(frozen=True)
class OutlineForm:
    """The form of an outline. `seen` is `awaits_teacher_since` of what it was filled with.

    `problem` is about all of it; `focus` is the id of what is used next; `is_answer`: it was sent, and is not kept.
    """

    slides: Sequence[TypedSlide]
    seen: str
    problem: str = ""
    focus: str = ""
    is_answer: bool = False

    @classmethod
    def kept(cls, presentation: Presentation) -> OutlineForm:
        """The outline of a presentation that waits for its teacher; it has to be loaded."""
        read = map(read_slide, presentation.outline or ())
        return cls([TypedSlide(title, write_points(points)) for title, points in read], _mark(presentation))

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> OutlineForm:
        """What was sent: title-1, points-1, title-2, ..."""
        numbers = sorted({int(field[1]) for name in sent if (field := _FIELD.fullmatch(name))})
        slides = [TypedSlide(sent.get(f"title-{n}", ""), sent.get(f"points-{n}", "")) for n in numbers]
        return cls(slides, sent.get("seen", ""), is_answer=True)

    @property
    def seen_at(self) -> datetime | None:
        """None: it does not say which state of the outline it answers."""
        with suppress(ValueError):
            return datetime.fromisoformat(self.seen)
        return None

    def markdown(self) -> list[str]:
        """Its slides in Markdown."""
        return [write_slide(slide.title, read_points(slide.points)) for slide in self.slides]

    def pressed(self, button: str) -> OutlineForm:
        """The form after a button was pressed, "up-3" for example. Others change nothing."""
        known = _BUTTON.fullmatch(button)
        if known is None:
            return self
        verb, number = known[1], int(known[2])
        return _VERBS[verb](self, min(number, len(self.slides)))

    def refused(self, error: InvalidRequest) -> OutlineForm:
        """The form with the complaint beside its slide, or above all of them."""
        number = error.field.removeprefix("slides.")
        if not number.isdigit():
            return replace(self, problem=complaint(error))
        at = int(number) - 1
        slides = list(self.slides)
        slides[at] = replace(slides[at], problem=complaint(error))
        return replace(self, slides=slides, focus=f"title-{number}")

    def overtaken(self, now: Presentation) -> OutlineForm:
        """The form over the outline as it was changed meanwhile: sent once more, it counts."""
        problem = (
            "This outline was changed in another window meanwhile. Below is yours, which is not kept yet: send it once "
            "more to have it so, or load this page anew to see the other."
        )
        return replace(self, seen=_mark(now), problem=problem)

    def _with_one_more(self, after: int) -> OutlineForm:
        if len(self.slides) >= MAX_SLIDES:
            problem = f"An outline has at most {MAX_SLIDES} slides. Delete one before you add another."
            return replace(self, problem=problem)
        slides = [*self.slides[:after], TypedSlide(), *self.slides[after:]]
        return replace(self, slides=slides, focus=f"title-{after + 1}")

    def _without(self, number: int) -> OutlineForm:
        slides = [slide for n, slide in enumerate(self.slides, 1) if n != number] or [TypedSlide()]
        return replace(self, slides=slides, focus=f"title-{max(1, min(number, len(slides)))}")

    def _moved(self, number: int, by: int, verb: str) -> OutlineForm:
        to = number + by
        if not (number >= 1 and 1 <= to <= len(self.slides)):
            return replace(self, focus=f"{verb}-{number}")
        slides = list(self.slides)
        slides.insert(to - 1, slides.pop(number - 1))
        return replace(self, slides=slides, focus=f"{verb}-{to}")


_VERBS: dict[str, Callable[[OutlineForm, int], OutlineForm]] = {
    "add": OutlineForm._with_one_more,
    "delete": OutlineForm._without,
    "up": lambda form, number: form._moved(number, -1, "up"),
    "down": lambda form, number: form._moved(number, 1, "down"),
}


def _mark(presentation: Presentation) -> str:
    since = presentation.awaits_teacher_since
    return since.isoformat() if since else ""
