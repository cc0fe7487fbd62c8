"""Generation: one presentation from its claim to its end, and the dispatcher that loses none on the way.

Imports jobs and Presenton's client.
"""

from presentations.generation.dispatcher import Dispatcher
from presentations.generation.generation import GenerationFailed, make_presentation

__all__ = ["Dispatcher", "GenerationFailed", "make_presentation"]
