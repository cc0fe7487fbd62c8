"""Decks: what can be read in a deck's file, and drawn of it, by programs that a bad file can do no harm with.

Imports nothing of Lectern's but the foundations; no database, no Flask, no network.
"""

from presentations.decks.compound import SIGNATURE as COMPOUND
from presentations.decks.compound import Compound, look_at_compound
from presentations.decks.errors import BadFile, Crashed, RenderingFailed, TooLong
from presentations.decks.handout import HandoutLayout, handout_docx
from presentations.decks.kinds import Kind, check_file
from presentations.decks.office import find_office, office_to_pdf
from presentations.decks.packages import (
    BadPackage,
    BrokenZip,
    Flaw,
    Main,
    Package,
    is_same_deck,
    look_at_package,
    reading_zip,
)
from presentations.decks.pages import count_pages
from presentations.decks.pictures import Pages, Picture, draw_pictures
from presentations.decks.sandbox import describe as describe_sandbox
from presentations.decks.words import DeckWords, SlideWords, read_words

__all__ = [
    "COMPOUND",
    "BadFile",
    "BadPackage",
    "BrokenZip",
    "Compound",
    "Crashed",
    "DeckWords",
    "Flaw",
    "HandoutLayout",
    "Kind",
    "Main",
    "Package",
    "Pages",
    "Picture",
    "RenderingFailed",
    "SlideWords",
    "TooLong",
    "check_file",
    "count_pages",
    "describe_sandbox",
    "draw_pictures",
    "find_office",
    "handout_docx",
    "is_same_deck",
    "look_at_compound",
    "look_at_package",
    "office_to_pdf",
    "read_words",
    "reading_zip",
]
