"""Presenton: the only room that speaks to the slide generator, and knows what its releases answer.

Imports settings and telemetry.
"""

from presentations.presenton.answers import (
    Deck,
    Failed,
    NoAsynchronousCall,
    NotLetIn,
    Passing,
    PresentonError,
    Refused,
    Task,
    Unanswered,
    UnknownTask,
)
from presentations.presenton.client import Presenton

__all__ = [
    "Deck",
    "Failed",
    "NoAsynchronousCall",
    "NotLetIn",
    "Passing",
    "Presenton",
    "PresentonError",
    "Refused",
    "Task",
    "Unanswered",
    "UnknownTask",
]
