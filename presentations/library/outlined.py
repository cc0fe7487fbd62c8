"""An outline as programs read and change it: slides with a title and points, beside their Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from presentations.database.models import Presentation
from presentations.errors import InvalidRequest, NotThere, shown
from presentations.library.library import Library
from presentations.library.outline_text import read_slide, write_slide
from presentations.library.outlines import some_slides
from presentations.options import MAX_POINTS, MAX_SLIDE
from presentations.validation import checked_text

_NOT_YET = "Its outline is still being written, which takes a minute or two. Look again then."
_NONE = (
    "This presentation has no outline of its own: it was asked for without one. Ask for another with outline_first to "
    "see one first."
)
_SLIDE = ("title", "points", "markdown")


class OutlineSlide(NamedTuple):
    """A slide of an outline: what people edit, and the Markdown that it is made from."""

    title: str
    points: Sequence[str]
    markdown: str


class Outline(NamedTuple):
    """The outline of a presentation; with `awaits_teacher_since` it waits for an answer, and can be changed."""

    presentation: Presentation
    awaits_teacher_since: datetime | None
    slides: Sequence[OutlineSlide]


def outline_of(library: Library, user_id: str | None, presentation_id: str | UUID) -> Outline:
    """The outline of a presentation, as it was kept last. Raises NotFound, or NotThere when it has none (yet)."""
    return as_outline(library.whole(user_id, presentation_id))


def as_outline(presentation: Presentation) -> Outline:
    """The outline of one that was loaded with it. Raises NotThere."""
    if presentation.outline is None:
        raise NotThere(_NOT_YET if presentation.needs_outline else _NONE)
    since = presentation.awaits_teacher_since if presentation.awaits_teacher else None
    return Outline(presentation, since, [OutlineSlide(*read_slide(one), one) for one in presentation.outline])


def slides_in_markdown(slides: object) -> list[str]:
    """The slides of an outline in Markdown, of which each is given as `title`, `points`, or as `markdown`.

    Where both are given they have to say the same, so that no change is lost. Raises InvalidRequest.
    """
    return [_markdown(f"slides.{place}", slide) for place, slide in enumerate(some_slides(slides))]


def _markdown(field: str, slide: object) -> str:
    if not isinstance(slide, Mapping):
        raise InvalidRequest(field, f"expected an object with title and points, got {shown(slide)}")
    for name in slide:
        if name not in _SLIDE:
            raise InvalidRequest(f"{field}.{name}", f"Unknown field: expected one of {', '.join(_SLIDE)}")
    markdown = slide.get("markdown")
    if markdown is not None:
        markdown = checked_text(f"{field}.markdown", markdown, MAX_SLIDE)
    if slide.get("title") is None and slide.get("points") is None:
        if markdown is None:
            raise InvalidRequest(field, "expected a title, points or both, got neither")
        return markdown
    title, points = _title(f"{field}.title", slide.get("title")), _points(f"{field}.points", slide.get("points"))
    if markdown is None:
        return checked_text(field, write_slide(title, points), MAX_SLIDE)
    if read_slide(markdown) not in ((slide.get("title"), slide.get("points")), read_slide(write_slide(title, points))):
        raise InvalidRequest(f"{field}.markdown", "says something else than title and points: leave one of them out")
    return markdown


def _title(field: str, title: object) -> str:
    return "" if title in (None, "") else checked_text(field, title, MAX_SLIDE)


def _points(field: str, points: object) -> list[str]:
    if points is None:
        return []
    if not isinstance(points, list | tuple) or len(points) > MAX_POINTS:
        got = f"{len(points)}" if isinstance(points, list | tuple) else shown(points)
        raise InvalidRequest(field, f"expected a list of at most {MAX_POINTS} texts, got {got}")
    return [checked_text(f"{field}.{place}", point, MAX_SLIDE) for place, point in enumerate(points)]
