"""The picture on a presentation's card: a few circles, the same for ever."""

from __future__ import annotations

from uuid import UUID

from markupsafe import Markup

from presentations.database.models import Presentation
from presentations.web.wording import hue


def cover(presentation: Presentation) -> Markup:
    """Four circles in the colours of its subject, as an SVG."""
    colour = hue(presentation.subject)
    circles = "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="hsl({colour + 9 * i} 68% {36 + 3 * i}%)" opacity=".55"/>'
        for i, (x, y, radius) in enumerate(_circles(presentation.id))
    )
    # Numbers only: nothing in it is anybody's text.
    return Markup(  # noqa: S704
        '<svg viewBox="0 0 176 99" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<rect width="176" height="99" fill="hsl({colour} 52% 32%)"/>{circles}</svg>'
    )


def _circles(presentation_id: UUID) -> list[tuple[int, int, int]]:
    """Their places on a field of 176 by 99, and their radii."""
    seed = presentation_id.bytes
    return [(seed[i] * 196 // 255 - 10, seed[i + 4] * 119 // 255 - 10, 26 + seed[i + 9] % 58) for i in range(4)]
