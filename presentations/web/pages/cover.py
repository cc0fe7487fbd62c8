"""The picture on a presentation's card: a few circles, the same for ever."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from presentations.database.models import Presentation
from presentations.web.pages.card import Card
from presentations.web.wording import hue

# Where each of the four may be on a field of 176 by 99, and its radius. They are few, since what has been on the page
# before compresses to nothing; 256 pictures in each colour are enough.
_CIRCLES = (
    ((20, 12, 72), (152, 8, 64), (84, 99, 80), (176, 84, 68)),
    ((58, 82, 50), (128, 62, 56), (8, 58, 46), (98, 6, 52)),
    ((166, 30, 36), (40, 40, 40), (112, 96, 44), (144, 88, 32)),
    ((72, 24, 28), (28, 90, 34), (122, 30, 26), (156, 54, 38)),
)
_CHOICES = 4


def cover(presentation: Presentation | Card) -> Markup:
    """Four circles in the colour of its subject, as an SVG."""
    return _picture(hue(presentation.subject), *(byte % _CHOICES for byte in presentation.id.bytes[-4:]))


@cache
def _picture(colour: int, *chosen: int) -> Markup:
    circles = "".join(
        '<circle cx="{}" cy="{}" r="{}"/>'.format(*places[choice])
        for places, choice in zip(_CIRCLES, chosen, strict=True)
    )
    # Numbers only: nothing in it is anybody's text.
    return Markup(  # noqa: S704
        '<svg viewBox="0 0 176 99" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<rect width="176" height="99" fill="hsl({colour} 52% 32%)"/>'
        f'<g fill="hsl({colour + 14} 68% 41%)" fill-opacity=".55">{circles}</g></svg>'
    )
