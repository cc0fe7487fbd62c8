"""What can be asked for of a presentation: OPTIONS, from which all that takes, keeps, shows or sends them is made.

Imports errors and validation, and nothing that is slow to load.
"""

from presentations.options.catalog import (
    DEFAULT_SLIDES,
    MAX_FILES,
    MAX_GRADE,
    MAX_POINTS,
    MAX_SLIDE,
    MAX_SLIDES,
    MAX_TEXT,
    MAX_TOPIC,
    OPTIONS,
)
from presentations.options.cutting import cuts
from presentations.options.kinds import Choice, Flag, Number, Option, Text
from presentations.options.languages import LANGUAGES
from presentations.options.request import LEAST_WITH_CONTENTS, GenerationRequest
from presentations.options.telling import told

__all__ = [
    "DEFAULT_SLIDES",
    "LANGUAGES",
    "LEAST_WITH_CONTENTS",
    "MAX_FILES",
    "MAX_GRADE",
    "MAX_POINTS",
    "MAX_SLIDE",
    "MAX_SLIDES",
    "MAX_TEXT",
    "MAX_TOPIC",
    "OPTIONS",
    "Choice",
    "Flag",
    "GenerationRequest",
    "Number",
    "Option",
    "Text",
    "cuts",
    "told",
]
