"""What a model is given to read of a deck: as much as goes into a conversation."""

from __future__ import annotations

from typing import Any

from presentations.agent.results import Outline, Slides, SlideText

# In characters: of one text, and of all that one answer holds.
MOST_OF_TEXT = 5_000
MOST_TOLD = 40_000

_NOTHING = "Nothing can be read of it (yet). It is read in the minute after it is complete; ask again later."
_NO_MORE = "It has no slide {} and none after that."
_MORE_OF_OUTLINE = (
    "There are more slides: call get_outline again with from_slide = {}. To change the outline, give all of them."
)
_MORE = "There are more slides: call get_slides again with from_slide = {}."


def read(found: Slides, from_slide: int) -> dict[str, Any]:
    """The slides from this number on: at least one of them, if there is one, and a message where that is not all."""
    wanted = [slide for slide in found["slides"] if slide["number"] >= from_slide]
    given = [_told(slide) for slide in _fitting(wanted)]
    told: dict[str, Any] = {"job_id": found["job_id"], "title": found["title"], "slides": given}
    if found["version"] is not None:
        told["version"] = found["version"]
    if message := _message(found, from_slide, wanted[len(given) :]):
        told["message"] = message
    return told


def read_outline(found: Outline, from_slide: int) -> dict[str, Any]:
    """The slides of an outline from this number on, and a message where that is not all. No text is cut."""
    slides, left = found["slides"], MOST_TOLD
    given: list[dict[str, Any]] = []
    for slide in slides[from_slide - 1 :]:
        left -= len(slide["markdown"])
        if left < 0 and given:
            break
        given.append({"title": slide["title"], "points": slide["points"]})
    told: dict[str, Any] = {name: found[name] for name in ("job_id", "title", "outline_url")}
    told |= {"waits": found["awaits_teacher_since"] is not None, "from_slide": from_slide, "slides": given}
    following = from_slide + len(given)
    if from_slide > len(slides):
        told["message"] = _NO_MORE.format(from_slide)
    elif following <= len(slides):
        told["message"] = _MORE_OF_OUTLINE.format(following)
    return told


def _told(slide: SlideText) -> dict[str, Any]:
    texts = {"title": slide["title"], "text": slide["text"], "notes": slide["notes"]}
    return {"number": slide["number"], **{name: _cut(text) for name, text in texts.items()}}


def _cut(text: str) -> str:
    return text if len(text) <= MOST_OF_TEXT else f"{text[: MOST_OF_TEXT - 1]}…"


def _fitting(slides: list[SlideText]) -> list[SlideText]:
    left = MOST_TOLD
    for place, slide in enumerate(slides):
        left -= sum(len(_cut(text)) for text in (slide["title"], slide["text"], slide["notes"]))
        if left < 0 and place:
            return slides[:place]
    return slides


def _message(found: Slides, from_slide: int, left: list[SlideText]) -> str | None:
    if not found["slides"]:
        return _NOTHING
    if from_slide > found["slides"][-1]["number"]:
        return _NO_MORE.format(from_slide)
    return _MORE.format(left[0]["number"]) if left else None
