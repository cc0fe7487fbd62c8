"""Generation: one presentation from its claim to its end.

Imports the library's look at material, jobs, files, lifecycle.py and Presenton's client.
"""

from presentations.generation.generation import GenerationFailed, make_presentation

__all__ = ["GenerationFailed", "make_presentation"]
