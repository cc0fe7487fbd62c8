"""What is wrong with a deck's file, for its teacher (BadFile), or why it could not be read or drawn, for logs."""

from __future__ import annotations

from presentations.errors import LecternError


class RenderingFailed(Exception):
    """A program could not do with a deck's file what it was asked for; the message says how it ended."""


class Crashed(RenderingFailed):
    """The program ended by itself: by an error, a signal, or at a limit other than its time."""


class TooLong(RenderingFailed):
    """The program was ended because its time was over."""


class BadFile(LecternError):
    """A file that cannot be kept as a deck; the message is for its teacher: what it is, and what to do."""
