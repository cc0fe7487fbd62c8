"""What somebody asks for, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from presentations.errors import InvalidRequest
from presentations.validation import checked_text

MAX_TOPIC = 500
MAX_SLIDES = 50
DEFAULT_SLIDES = 5

# Presenton's own words, case and all.
TONES = ("default", "casual", "professional", "funny", "educational", "sales_pitch")
VERBOSITIES = ("concise", "standard", "text-heavy")
EXPORTS = ("pptx", "pdf")


def _optional_text(field: str, value: object, longest: int) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return checked_text(field, value, longest)


def _choice(field: str, value: object, words: tuple[str, ...]) -> str | None:
    if value is None or value == "":
        return None
    if value not in words:
        raise InvalidRequest(field, f"expected one of {', '.join(words)}")
    return str(value)


def _slides(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_SLIDES:
        raise InvalidRequest("n_slides", f"expected a whole number from 1 to {MAX_SLIDES}")
    return value


@dataclass(frozen=True)
class GenerationRequest:
    """What is to be made. An option that is None is left to Presenton."""

    topic: str
    n_slides: int = DEFAULT_SLIDES
    language: str | None = None
    tone: str | None = None
    template: str | None = None
    instructions: str | None = None
    verbosity: str | None = None
    export_as: str | None = None

    @classmethod
    def checked(cls, topic: object, n_slides: object = DEFAULT_SLIDES, **options: Any) -> GenerationRequest:
        """A request of values that can be made. Raises InvalidRequest naming the first field that cannot."""
        return cls(
            topic=checked_text("topic", topic, MAX_TOPIC),
            n_slides=_slides(n_slides),
            language=_optional_text("language", options.pop("language", None), 60),
            tone=_choice("tone", options.pop("tone", None), TONES),
            template=_optional_text("template", options.pop("template", None), 200),
            instructions=_optional_text("instructions", options.pop("instructions", None), 5000),
            verbosity=_choice("verbosity", options.pop("verbosity", None), VERBOSITIES),
            export_as=_choice("export_as", options.pop("export_as", None), EXPORTS),
            **_none_left(options),
        )


def _none_left(options: dict[str, Any]) -> dict[str, Any]:
    for field in options:
        raise InvalidRequest(field, "is not an option of a presentation")
    return {}
