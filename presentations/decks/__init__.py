"""Decks: what can be read in a deck's file, and drawn of it, by programs that a bad file can do no harm with.

Imports nothing of Lectern's but the foundations; no database, no Flask, no network.
"""

from presentations.decks.errors import Crashed, RenderingFailed, TooLong

__all__ = ["Crashed", "RenderingFailed", "TooLong"]
