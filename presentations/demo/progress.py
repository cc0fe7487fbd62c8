"""How a generation goes on, as a list of moments: what it shows at any time is computed from the clock.

Presenton's counters move in batches of ten slides; here they move with every slide, since people watch the demo.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

QUEUED = "Queued for generation"
OUTLINES = "Generating presentation outlines"
LAYOUTS = "Selecting layout for each slide"
SLIDES = "Generating slides"
ASSETS = "Fetching assets for slides"
COMPLETED = "Presentation generation completed"
FAILED = "Presentation generation failed"

# Parts of the whole time, in which the slides are written between the last two.
_LAYOUTS_AT, _SLIDES_AT, _ASSETS_AT = 0.06, 0.12, 0.94


@dataclass(frozen=True)
class Moment:
    """What a generation shows from `at` seconds after its start, until the next moment."""

    at: float
    message: str
    created: int
    remaining: int

    @property
    def is_last(self) -> bool:
        return self.message in (COMPLETED, FAILED)

    @property
    def has_deck(self) -> bool:
        """The slides are made. Presenton lists a deck from then on, a little before its task is completed."""
        return self.message in (ASSETS, COMPLETED)


def plan(n_slides: int, asked: int | None, seconds: float, fails_at_slide: int | None) -> list[Moment]:
    """Every moment of a generation of `n_slides` slides that takes `seconds`.

    Nobody knows what remains before the outlines are there, if no number was `asked` for.
    """
    expected = asked or 0
    moments = [
        Moment(0, QUEUED, 0, expected),
        Moment(0, OUTLINES, 0, expected),
        Moment(_LAYOUTS_AT * seconds, LAYOUTS, 0, expected),
    ]
    per_slide = (_ASSETS_AT - _SLIDES_AT) * seconds / n_slides
    for created in range(n_slides + 1):
        at = _SLIDES_AT * seconds + created * per_slide
        if created and created == fails_at_slide:
            return [*moments, Moment(at, FAILED, created - 1, n_slides - created + 1)]
        moments.append(Moment(at, SLIDES if created < n_slides else ASSETS, created, n_slides - created))
    return [*moments, Moment(seconds, COMPLETED, n_slides, 0)]


def moment_at(moments: list[Moment], elapsed: float) -> Moment:
    return moments[bisect_right(moments, elapsed, key=lambda moment: moment.at) - 1]
