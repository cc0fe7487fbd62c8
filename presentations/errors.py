"""What can go wrong, as callers see it. Each message may be shown to a person, and says what to do next.

docs/errors.md lists them all; tests look for what to do in each.
"""

from __future__ import annotations

_LONGEST_VALUE = 60


def shown(value: object) -> str:
    """A value that was given, inside a sentence about it: cut where it is long. Not for secrets."""
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


class LecternError(Exception):
    """Something that Lectern was asked for could not be done."""


class InvalidRequest(LecternError):
    """A value that was given cannot be used.

    `field` is the name of the argument, `problem` says what was expected, and what was given unless that is a secret.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class LimitReached(InvalidRequest):
    """A teacher has as many presentations waiting as may wait.

    `seconds` is about how long it takes until a place frees; None when there is no ground for a number.
    """

    def __init__(self, most: int, seconds: int | None) -> None:
        waiting = "1 presentation waiting" if most == 1 else f"{most} presentations waiting"
        about = "" if seconds is None else f" about {max(1, round(seconds / 60))} min,"
        until = f"wait{about} until the next one of them is begun, and ask again"
        super().__init__("topic", f"you have {waiting}, which is the most: {until}")
        self.seconds = seconds


class NotFound(LecternError):
    """What was asked for does not exist, or is somebody else's: the two look the same on purpose."""

    def __init__(self, message: str = "There is no such presentation. Look in the list of presentations.") -> None:
        super().__init__(message)


class NotThere(LecternError):
    """A presentation has no such thing, or not yet; the message says why, and what to do."""


class NotAllowed(LecternError):
    """Whoever asks may not do this, or no longer; the message says why."""


class TooManyDownloads(LecternError):
    """So many files are being sent already, to this person (`is_persons`) or to all. Try again after `seconds`."""

    def __init__(self, most: int, *, is_persons: bool) -> None:
        files = "1 file" if most == 1 else f"{most} files"
        whom = "You are" if is_persons else "Lectern is"
        doing = "downloading" if is_persons else "sending"
        super().__init__(f"{whom} {doing} {files} just now, which is the most at once. Wait a moment, then try again.")
        self.is_persons = is_persons
        self.seconds = 10


class TooManyUploads(LecternError):
    """So many files are being received already, from this person (`is_persons`) or from all. Try after `seconds`."""

    def __init__(self, most: int, *, is_persons: bool) -> None:
        files = "1 file" if most == 1 else f"{most} files"
        whom = "You are sending" if is_persons else "Lectern is receiving"
        super().__init__(f"{whom} {files} just now, which is the most at once. Wait a moment, then try again.")
        self.is_persons = is_persons
        self.seconds = 10


class TooLarge(LecternError):
    """What was sent is larger than it may be, and was not read to its end; the message says how large it may be."""


class Conflicting(LecternError):
    """What was asked for does not go with how things stand; the message says what to do first."""


class AddressRefused(LecternError):
    """An address that webhooks may not go to, or a name that stands for no address."""

    def __init__(self) -> None:
        super().__init__(
            "The host name is not known, or its address is not one on the public internet. Check how it is spelled, or "
            "give another."
        )


class Unavailable(LecternError):
    """The database cannot be reached just now; nothing was changed. Trying again later may work."""


class SettingsError(LecternError):
    """A setting has a value that cannot be used; the message names the variable, the value and what is expected."""
