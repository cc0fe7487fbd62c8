"""A value for each option: none is its default, and the demo Presenton takes them all."""

from __future__ import annotations

from typing import Any

from presentations.options import OPTIONS, Choice, Flag, Number, Option, Text


def sample(option: Option) -> str | int | bool:
    match option:
        case Text(name="template"):
            return "swift"
        case Text():
            return option.suggestions[-1] if option.suggestions else f"Some {option.name}"
        case Number():
            return option.low + 1
        case Choice():
            return option.choices[0][0]
        case Flag():
            return False


SAMPLES: dict[str, Any] = {option.name: sample(option) for option in OPTIONS}
WRITTEN = {option.name: option.written(sample(option)) for option in OPTIONS}
