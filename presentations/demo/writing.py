"""The slides of a deck from what was asked for: those given, or as many as wanted, with the words of the teacher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from textwrap import wrap

from presentations.demo.asked import Asked
from presentations.demo.markdown import read_slide, title_of_outline
from presentations.demo.outline import UNSEEN, Slide, in_brief, in_one_line, lines_of, title_of, write_slides

USUAL_SLIDES = 8
_LONGEST_POINT, _MOST_POINTS = 300, 6


def title_for(asked: Asked) -> str:
    """The title of the deck: the first line of the content, or what the first slide that was given says."""
    return title_of_outline(asked.slides_markdown[0]) if asked.slides_markdown else title_of(asked.content)


def slides_for(asked: Asked, words: Sequence[str]) -> list[Slide]:
    """All slides of the deck; `words` are the paragraphs of its files. Slides that are given stay as they are."""
    if asked.slides_markdown:
        return [read_slide(markdown) for markdown in asked.slides_markdown]
    slides = slides_to_tell(asked, words)
    if asked.include_table_of_contents:
        place = int(asked.include_title_slide)
        slides.insert(place, _contents(slides[place:], first_page=place + 2))
    return slides


def slides_to_tell(asked: Asked, words: Sequence[str]) -> list[Slide]:
    """Those without the contents, which no outline has."""
    n_slides = (asked.n_slides or USUAL_SLIDES) - asked.include_table_of_contents
    first, *others = write_slides(title_of(asked.content), n_slides + (not asked.include_title_slide))
    told = _tell([*_paragraphs(asked.content), *words], len(others))
    slides = [first, *told, *others[len(told) :]][not asked.include_title_slide :]
    return [replace(slides[0], note=" ".join((slides[0].note, *_orders(asked)))), *slides[1:]]


def _orders(asked: Asked) -> list[str]:
    """What else the demo was told, so that it can be read in the notes."""
    told = in_one_line((asked.instructions or "").rstrip(UNSEEN))
    orders = {f"Instructions: {told}": told, "The web was to be searched.": asked.web_search}
    return [order for order, is_given in orders.items() if is_given]


def _paragraphs(content: str) -> list[str]:
    """Those below the title; a first line that is too long for a title is one as well."""
    lines = lines_of(content)
    return lines if lines and title_of(content) != lines[0] else lines[1:]


def _tell(paragraphs: Sequence[str], room: int) -> list[Slide]:
    """At most `room` slides with these paragraphs, in their order. What is too much for a slide is left out."""
    points = [point for paragraph in paragraphs for point in wrap(in_one_line(paragraph), _LONGEST_POINT)]
    n_slides = min(room, len(points))
    bounds = [len(points) * number // max(1, n_slides) for number in range(n_slides + 1)]
    shares = [points[start:end] for start, end in pairwise(bounds)]
    return [Slide(in_brief(share[0]), tuple(share[:_MOST_POINTS]), "Read it out slowly.") for share in shares]


def _contents(slides: list[Slide], first_page: int) -> Slide:
    pages = enumerate(slides, first_page)
    return Slide("Table of Contents", tuple(f"Page {page}: {slide.title}" for page, slide in pages))
