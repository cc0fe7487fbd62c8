"""What can be asked for."""

from presentations.options.request import (
    DEFAULT_SLIDES,
    EXPORTS,
    MAX_SLIDES,
    MAX_TOPIC,
    TONES,
    VERBOSITIES,
    GenerationRequest,
)

__all__ = ["DEFAULT_SLIDES", "EXPORTS", "MAX_SLIDES", "MAX_TOPIC", "TONES", "VERBOSITIES", "GenerationRequest"]
