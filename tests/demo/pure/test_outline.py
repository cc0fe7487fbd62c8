"""The outline that the demo writes."""

from __future__ import annotations

from presentations.demo.outline import write_slides


def test_every_slide_of_a_long_deck_has_a_title_of_its_own() -> None:
    for n_slides in range(1, 51):
        slides = write_slides("Rivers", n_slides)
        assert len({slide.title for slide in slides}) == n_slides
        assert all(3 <= len(slide.points) <= 5 for slide in slides[1:])
