"""Presenton: the only room that speaks to the slide generator, and knows what its releases answer.

Imports settings and telemetry.
"""

from presentations.presenton.answers import (
    Deck,
    Down,
    Failed,
    NoAsynchronousCall,
    NotLetIn,
    Passing,
    PresentonError,
    Refused,
    Task,
    Unanswered,
    UnknownDeck,
    UnknownTask,
    deck_of,
)
from presentations.presenton.client import Presenton
from presentations.presenton.marks import new_mark

__all__ = [
    "Deck",
    "Down",
    "Failed",
    "NoAsynchronousCall",
    "NotLetIn",
    "Passing",
    "Presenton",
    "PresentonError",
    "Refused",
    "Task",
    "Unanswered",
    "UnknownDeck",
    "UnknownTask",
    "deck_of",
    "new_mark",
]
