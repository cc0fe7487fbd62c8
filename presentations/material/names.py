"""What a file of somebody's is called here, and the topic that its name suggests."""

from __future__ import annotations

import re

from presentations.filenames import safe_name
from presentations.material.kinds import Kind

MAX_NAME = 120
# A file system has 255 bytes for it, and Presenton keeps it under this name.
_MOST_BYTES = 240
_NAMELESS = "Material"
_LONGEST_ENDING = 10
_SPACES = re.compile(r"[\s_]+")
_ENDINGS = {Kind.MD: (".md", ".markdown")}
# What the content of a file has shown to be wrong is no part of its name.
_WRONG = frozenset([".pdf", ".docx", ".doc", ".pptx", ".ppt", ".ppsx", ".txt", ".text", ".md", ".markdown"])


def clean_name(name: str, kind: Kind | None = None) -> str:
    """The last part of a path, as it can be shown and kept everywhere: at most 120 characters, its ending among them.

    With a `kind` it ends as that does: Presenton reads a file by its name.
    """
    last = re.split(r"[/\\]", name)[-1]
    ending = _ending(last)
    stem = last.removesuffix(ending) if ending else last
    if kind is not None and ending.lower() not in _ENDINGS.get(kind, (f".{kind}",)):
        stem = stem if ending.lower() in _WRONG else last
        ending = f".{kind}"
    room = MAX_NAME - len(ending)
    return safe_name(stem, nameless=_NAMELESS, most_bytes=_MOST_BYTES - len(ending), most_characters=room) + ending


def _ending(last: str) -> str:
    """What stands behind the last dot, where that looks like the ending of a file; `.pdf` alone is one."""
    _, dot, behind = last.rpartition(".")
    is_ending = behind.isascii() and behind.isalnum() and len(behind) <= _LONGEST_ENDING
    return dot + behind if dot and is_ending else ""


def is_markdown(name: str) -> bool:
    """Whether somebody calls a text Markdown."""
    return _ending(name).lower() in _ENDINGS[Kind.MD]


def title_of(name: str) -> str:
    """A topic for slides of a file of this name, at most 120 characters: its name in words."""
    last = clean_name(name)
    return _SPACES.sub(" ", last.removesuffix(_ending(last))).strip(" .-") or _NAMELESS
