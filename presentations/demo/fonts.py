"""Fonts for what a PDF says: those that come with the demo, then those of this computer."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fontpkg
import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

OWN_FONTS: tuple[Path, ...] = (
    *map(fontpkg.path, ("noto-sans", "noto-sans-arabic", "heebo")),
    pylopdf_fonts_zh_cn.sans_path(),
)
"""For Latin, Greek and Cyrillic; Arabic; Hebrew; Chinese, with Japanese."""
_NEEDED = {"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post"}
_FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    *("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts", r"C:\Windows\Fonts"),
)
_IN_ANOTHER_STYLE = re.compile("bold|italic|oblique|black|light|thin|medium|condensed|mono", re.IGNORECASE)


def fonts_for(text: str) -> list[Path]:
    """The fonts, at least one, that know the letters of `text`, as far as any is at hand; the first knows most."""
    chosen = [OWN_FONTS[0]]
    missing = {ord(letter) for letter in text} - letters_of(OWN_FONTS[0])
    for font in _at_hand():
        if not missing:
            break
        if missing & letters_of(font):
            chosen.append(font)
            missing -= letters_of(font)
    return chosen


@cache
def letters_of(font: Path) -> frozenset[int]:
    """Those that it can draw; none where the file is no font that a PDF can have."""
    try:
        with font.open("rb") as file, TTFont(file, lazy=True) as opened:
            tables = set(opened.keys())
            # What draws its letters in another way, such as in colours, has neither.
            is_drawn = tables >= _NEEDED and tables & {"glyf", "CFF "}
            return frozenset(opened.getBestCmap() or ()) if is_drawn else frozenset()
    except Exception:  # fontTools raises of many kinds: a broken file in somebody's font folder is no font
        return frozenset()


def _at_hand() -> Iterator[Path]:
    yield from OWN_FONTS[1:]
    yield from _of_this_computer()


@cache
def _of_this_computer() -> tuple[Path, ...]:
    """In plain style, so that each letter is looked for once; those with serifs last."""
    found = [
        Path(folder, name)
        for root in _FOLDERS
        for folder, _, names in os.walk(os.path.expanduser(root))
        for name in names
        if name.lower().endswith((".ttf", ".otf")) and not _IN_ANOTHER_STYLE.search(name)
    ]
    return tuple(sorted(found, key=lambda font: ("serif" in font.name.lower(), font)))
