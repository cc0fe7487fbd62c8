"""Why nothing could be read in a deck's file, or drawn of it. For logs: teachers get other sentences."""

from __future__ import annotations


class RenderingFailed(Exception):
    """A program could not do with a deck's file what it was asked for; the message says how it ended."""


class Crashed(RenderingFailed):
    """The program ended by itself: by an error, a signal, or at a limit other than its time."""


class TooLong(RenderingFailed):
    """The program was ended because its time was over."""
