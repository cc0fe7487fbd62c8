"""Charts, as rectangles in a picture that is 100 high; the same numbers stand in a table beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEIGHT = 100
_STEP = 24
_WIDTH = 18


@dataclass(frozen=True)
class Bar:
    """A rectangle; `kind` says its colour, `strength` from 0 to 1 how full that is."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    strength: float = 1


@dataclass(frozen=True)
class Chart:
    """Bars, how wide they are together, and what the highest one stands for."""

    bars: Sequence[Bar]
    width: int
    top: float
    height: int = HEIGHT


def stacked(columns: Sequence[Mapping[str, float]]) -> Chart:
    """A column for each, of parts on top of each other."""
    top = max((sum(column.values()) for column in columns), default=0)
    bars = []
    for n, column in enumerate(columns):
        y = float(HEIGHT)
        for kind, value in column.items():
            height = value / top * HEIGHT if top else 0
            y -= height
            if height:
                bars.append(Bar(n * _STEP, y, _WIDTH, height, kind))
    return Chart(bars, len(columns) * _STEP, top)


def overlaid(columns: Sequence[Mapping[str, float | None]]) -> Chart:
    """A column for each, of bars before each other: the first is furthest back."""
    top = max((value for column in columns for value in column.values() if value), default=0)
    bars = [
        Bar(n * _STEP, HEIGHT - value / top * HEIGHT, _WIDTH, value / top * HEIGHT, kind)
        for n, column in enumerate(columns)
        for kind, value in column.items()
        if value
    ]
    return Chart(bars, len(columns) * _STEP, top)


def week(asked: Mapping[tuple[int, int], int]) -> Chart:
    """A square for each hour of the week, Monday on top; the more, the fuller."""
    top = max(asked.values(), default=0)
    bars = [
        Bar(hour * _STEP, (day - 1) * _STEP, _WIDTH, _WIDTH, "asked", number / top)
        for (day, hour), number in sorted(asked.items())
        if number
    ]
    return Chart(bars, 24 * _STEP, top, 7 * _STEP)
