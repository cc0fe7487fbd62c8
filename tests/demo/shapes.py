"""What an answer is like: its fields, their types, and the words that a program reads; not what differs each time."""

from __future__ import annotations

import re
from typing import Any

_WORDS = ("detail", "message", "status", "msg", "method")
"""Fields whose text matters; of a long one, its beginning."""

_NUMBERS = ("created_slides", "remaining_slides", "status_code")
"""Fields whose number matters."""

_LONG = re.compile(r"(Export task failed|File '.*?' not accepted|Error code: \d{3} - ).*", re.DOTALL)
_PATTERNS = {
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "task": r"task-[0-9a-f]{64}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}",
    "edit path": r"/presentation\?id=[0-9a-f-]{36}",
    "path of pptx": r"/app_data/exports/[^/]+\.pptx",
    "path of pdf": r"/app_data/exports/[^/]+\.pdf",
    "own path of pptx": r"/app_data/exports/users/[0-9a-f-]{36}/[^/]+\.pptx",
    "own path of pdf": r"/app_data/exports/users/[0-9a-f-]{36}/[^/]+\.pdf",
}


def shape(value: Any, field: str = "") -> Any:
    """Of a list, that of the first item."""
    if field in ("fonts", "content") and isinstance(value, dict):
        return "object with a note" if "__speaker_note__" in value else "object"
    if field in ("ui", "layout", "structure") and isinstance(value, dict):
        return {name: type(one).__name__ for name, one in value.items()}
    if isinstance(value, dict):
        return {name: shape(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(one, field) for one in value[:1]]
    if isinstance(value, str):
        return _shape_of_text(value, field)
    if field in _NUMBERS:
        return value
    return "null" if value is None else type(value).__name__


def _shape_of_text(text: str, field: str) -> str:
    if field in _WORDS or text == "presentation.generate":
        return _LONG.sub(r"\1...", text)
    kinds = [kind for kind, pattern in _PATTERNS.items() if re.fullmatch(pattern, text)]
    return kinds[0] if kinds else "text"
