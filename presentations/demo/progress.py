"""How a generation goes on, as a list of moments: what it shows at any time is computed from the clock."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from presentations.demo.failures import EXPORT, OUTLINES, Failure

QUEUED = "Queued for generation"
STARTED = "Generating presentation outlines"
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
    has_deck: bool = False
    """The deck is there, with all its slides at once. Presenton lists it a little before its task is completed."""

    @property
    def is_last(self) -> bool:
        return self.message in (COMPLETED, FAILED)


def plan(
    n_slides: int, asked: int | None, seconds: float, counted_by: int = 1, failure: Failure | None = None
) -> list[Moment]:
    """Every moment of a generation of `n_slides` slides that takes `seconds`; the counters move by `counted_by`.

    Nobody knows what remains before the outlines are there, if no number was `asked` for.
    """
    expected = asked or 0
    fails_at = failure.at if failure else None
    moments = [Moment(0, QUEUED, 0, expected), Moment(0, STARTED, 0, expected)]
    if fails_at == OUTLINES:
        return [*moments, Moment(_LAYOUTS_AT * seconds, FAILED, 0, expected)]
    moments.append(Moment(_LAYOUTS_AT * seconds, LAYOUTS, 0, expected))
    per_slide = (_ASSETS_AT - _SLIDES_AT) * seconds / n_slides
    for created in range(n_slides):
        at = _SLIDES_AT * seconds + created * per_slide
        if created % counted_by == 0:
            moments.append(Moment(at, SLIDES, created, n_slides - created))
        if created + 1 == fails_at:
            counted = moments[-1].created
            return [*moments, Moment(at + per_slide, FAILED, counted, n_slides - counted)]
    end = FAILED if fails_at == EXPORT else COMPLETED
    made = [
        Moment(at, message, n_slides, 0, has_deck=True)
        for at, message in ((_ASSETS_AT * seconds, ASSETS), (seconds, end))
    ]
    return [*moments, *made]


def moment_at(moments: list[Moment], elapsed: float) -> Moment:
    return moments[bisect_right(moments, elapsed, key=lambda moment: moment.at) - 1]
