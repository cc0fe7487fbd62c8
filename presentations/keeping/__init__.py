"""Keeping: the deck of a finished presentation fetched from Presenton, kept current, and made visible.

Imports jobs, presenton, files and decks. `generation` has the first file kept; the rest is a work of its own.
"""

from presentations.keeping.fetching import fetch, keep_made
from presentations.keeping.preparing import prepare_deck
from presentations.keeping.work import DECKS

__all__ = ["DECKS", "fetch", "keep_made", "prepare_deck"]
