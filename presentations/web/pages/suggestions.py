"""What the form suggests for fields that take any text."""

from __future__ import annotations

from presentations.options import LANGUAGES, Option, Text


def suggestions(option: Option) -> list[tuple[str, str]]:
    """What may be typed, each with what else people call it."""
    if option.name == "language":
        return list(LANGUAGES.items())
    return [(one, one) for one in option.suggestions] if isinstance(option, Text) else []
