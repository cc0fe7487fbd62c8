"""Presenton: the only room that speaks to the slide generator, and knows what its releases answer.

Imports settings and telemetry.
"""

from presentations.presenton.answers import Deck, Task, deck_of, has_same_slides
from presentations.presenton.client import Presenton
from presentations.presenton.errors import (
    Down,
    Failed,
    FileGone,
    FileWithheld,
    NoAsynchronousCall,
    NotLetIn,
    NotPresenton,
    Passing,
    PresentonError,
    Refused,
    Unanswered,
    UnknownDeck,
    UnknownTask,
    Unreachable,
)
from presentations.presenton.failures import Cause, Failure
from presentations.presenton.lookout import Lookout, Watch
from presentations.presenton.marks import new_mark
from presentations.presenton.pace import pause
from presentations.presenton.templates import Template, picture_type
from presentations.presenton.transport import File, WholeAnswers

__all__ = [
    "Cause",
    "Deck",
    "Down",
    "Failed",
    "Failure",
    "File",
    "FileGone",
    "FileWithheld",
    "Lookout",
    "NoAsynchronousCall",
    "NotLetIn",
    "NotPresenton",
    "Passing",
    "Presenton",
    "PresentonError",
    "Refused",
    "Task",
    "Template",
    "Unanswered",
    "UnknownDeck",
    "UnknownTask",
    "Unreachable",
    "Watch",
    "WholeAnswers",
    "deck_of",
    "has_same_slides",
    "new_mark",
    "pause",
    "picture_type",
]
