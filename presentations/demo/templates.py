"""The templates that decks can look like, as each release lists them. The demo makes all decks look the same."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from presentations.demo.releases import CUSTOM, Release, TemplateList

_MADE_AT = "2026-11-23T18:51:01.000000"
_WIDTH, _HEIGHT = 320, 180


@dataclass(frozen=True)
class _Template:
    name: str
    layouts: int
    description: str


_TEMPLATES = {
    "general": _Template("General", 12, "General template for simple presentations, with a clean layout."),
    "modern": _Template("Modern", 10, "Clean layouts with much white space and bold accents."),
    "standard": _Template("Standard", 11, "Balanced layouts for everyday content, easy to follow."),
    "swift": _Template("Swift", 9, "Bright layouts with a crisp structure, for short presentations."),
    "momentum": _Template("Momentum", 28, "A polished template with bold letters and many kinds of layouts."),
    "executive": _Template("Executive", 32, "Crisp layouts with violet accents, for decisions."),
    "dynamic": _Template("Dynamic", 32, "Layouts of high contrast on dark backgrounds, for stories."),
    CUSTOM: _Template("Our school", 6, "Made by somebody of this school from a PowerPoint file."),
}


def names(release: Release) -> list[dict[str, Any]]:
    """The bare list, recorded from 0.8.9.1."""
    return [{"id": name, "name": name, "total_layouts": None} for name in release.templates]


def items(release: Release) -> list[dict[str, Any]]:
    """As recorded from 0.9.3."""
    return [_item(release, template_id, _TEMPLATES[template_id]) for template_id in release.templates]


def _item(release: Release, template_id: str, template: _Template) -> dict[str, Any]:
    return {
        "id": release.template_id(template_id),
        "name": template.name,
        "description": template.description,
        "layout_count": template.layouts,
        "thumbnail": f"/app_data/templates/{template_id}/static/thumbnail.png",
        "is_default": template_id != CUSTOM,
        "created_at": _MADE_AT,
        "updated_at": _MADE_AT,
    }


def thumbnail(template_id: str, release: Release) -> bytes | None:
    """A PNG, another one for each template; None if the release lists none of this id with a picture."""
    has_pictures = release.template_list in (TemplateList.UUIDS, TemplateList.PAGES)
    return _drawn(template_id) if has_pictures and template_id in release.templates else None


@cache
def _drawn(template_id: str) -> bytes:
    """A slide with a title and lines, in a colour of its own."""
    hue = zlib.crc32(template_id.encode()) % 360
    image = Image.new("RGB", (_WIDTH, _HEIGHT), f"hsl({hue}, 35%, 95%)")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _WIDTH, 56), fill=f"hsl({hue}, 50%, 35%)")
    draw.text((18, 16), _TEMPLATES[template_id].name, fill="white", font_size=22)
    for line in range(3):
        draw.rectangle((18, 80 + 28 * line, 240 - 40 * line, 90 + 28 * line), fill=f"hsl({hue}, 20%, 70%)")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
