"""A slide as Presenton draws it: a tree of elements with their places, in pixels of a page of 1280 by 720."""

from __future__ import annotations

from typing import Any

from presentations.demo.outline import Slide

_MARGIN, _WIDTH = 88.0, 1104.0
_INK, _QUIET = "#111827", "#4B5563"


def draw(slide: Slide, layout: str) -> dict[str, Any]:
    texts = [_text("heading", slide.title, 0.0, 48.0, _INK)]
    texts += [
        _text(f"point_{number}", point, 150.0 + 60.0 * number, 22.0, _QUIET)
        for number, point in enumerate(slide.points)
    ]
    component = {
        "id": "text_panel",
        "description": "Heading and points, one below the other.",
        "position": {"x": _MARGIN, "y": _MARGIN},
        "elements": texts,
    }
    return {"id": layout, "description": "The one layout of the demo.", "components": [component]}


def _text(name: str, text: str, top: float, size: float, color: str) -> dict[str, Any]:
    font = {"size": size, "family": "Poppins", "color": color, "bold": size > 40, "italic": False, "line_height": 1.2}
    return {
        "type": "text",
        "position": {"x": 0.0, "y": top},
        "size": {"width": _WIDTH, "height": size * 1.5},
        "rotation": 0.0,
        "font": font,
        "alignment": {"horizontal": "left", "vertical": "top"},
        "runs": [{"text": text, "font": font}],
        "decorative": False,
        "name": name,
    }
