"""Decks: what can be read in a deck's file, and drawn of it, by programs that a bad file can do no harm with.

Imports nothing of Lectern's but the foundations; no database, no Flask, no network.
"""

from presentations.decks.errors import Crashed, RenderingFailed, TooLong
from presentations.decks.office import find_office, office_to_pdf
from presentations.decks.pictures import Picture, draw_pictures
from presentations.decks.sandbox import describe as describe_sandbox

__all__ = [
    "Crashed",
    "Picture",
    "RenderingFailed",
    "TooLong",
    "describe_sandbox",
    "draw_pictures",
    "find_office",
    "office_to_pdf",
]
