"""The one picture that the demo can draw: a circle in the middle, and lines from it to three others."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 800, 600
_PAPER, _LINE, _MIDDLE = "#eef3f1", "#59636e", "#2f6f6b"
_OTHERS = {(150, 130): "#c9852b", (650, 130): "#7a5a9e", (400, 500): "#3f74a8"}


@cache
def mind_map() -> bytes:
    """It, as a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    middle = (WIDTH // 2, HEIGHT // 2 - 20)
    for place in _OTHERS:
        draw.line((middle, place), fill=_LINE, width=8)
    for place, color in _OTHERS.items():
        draw.circle(place, 75, fill=color)
    draw.circle(middle, 110, fill=_MIDDLE)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
