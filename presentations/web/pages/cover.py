"""The picture on a presentation's card: a few circles, the same for ever."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class Circle(NamedTuple):
    x: int
    y: int
    radius: int
    turn: int
    light: int


def circles(presentation_id: UUID) -> list[Circle]:
    """Four circles on a field of 176 by 99, each with its turn of the subject's hue and its lightness in percent."""
    seed = presentation_id.bytes
    return [
        Circle(seed[i] * 196 // 255 - 10, seed[i + 4] * 119 // 255 - 10, 26 + seed[i + 9] % 58, 9 * i, 36 + 3 * i)
        for i in range(4)
    ]
