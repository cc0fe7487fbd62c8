"""What the form suggests for fields that take any text."""

from __future__ import annotations

from presentations.options import Option, Text
from presentations.web.current import library


def suggestions(option: Option) -> list[tuple[str, str]]:
    """What may be typed, each with what people call it."""
    if option.name == "template":
        return [(one.id, one.name) for one in library().templates()]
    return [(one, one) for one in option.suggestions] if isinstance(option, Text) else []
