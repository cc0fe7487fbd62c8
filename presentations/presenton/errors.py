"""What can go wrong when Presenton is asked, as its callers see it."""

from __future__ import annotations

from presentations.errors import LecternError
from presentations.presenton.failures import Cause, Failure


class PresentonError(LecternError):
    """Presenton did not do what it was asked for. The message holds its own words and is for admins."""


class Passing(PresentonError):
    """Presenton did not take the request, or gave no usable answer; asking again later may work."""


class Unreachable(Passing):
    """No connection, or no answer in time."""


class Down(Unreachable):
    """Nobody listens there, or the connection broke off: it may have been restarted, and has forgotten its tasks."""


class BadAnswer(Passing):
    """An answer that is none of Presenton's: the wrong type, a missing field, HTML, broken JSON."""


class NotPresenton(BadAnswer):
    """What answers there is no Presenton, but some other web server."""


class Unanswered(PresentonError):
    """Presenton may have taken the request and be at work, but its answer did not arrive."""


class Refused(PresentonError):
    """Presenton will not do it, now or later."""

    def __init__(self, words: str, cause: Cause = Cause.OTHER) -> None:
        super().__init__(words)
        self.cause = cause


class NotLetIn(Refused):
    """The key or the account is missing or wrong."""


class NoAsynchronousCall(Refused):
    """This release can only be asked in the blocking way."""


class Failed(PresentonError):
    """Presenton tried, and reports that it failed. The attempt may have cost something."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.words)
        self.failure = failure


class UnknownTask(PresentonError):
    """Presenton knows no such task (any more)."""


class UnknownDeck(PresentonError):
    """Presenton knows no such presentation (any more)."""


class FileGone(PresentonError):
    """Presenton no longer has an exported file."""


class FileWithheld(PresentonError):
    """Presenton has an exported file, perhaps, but not for Lectern."""
