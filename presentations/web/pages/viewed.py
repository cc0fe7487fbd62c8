"""A presentation's deck as its pages show it, and what they say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from presentations.bidi import isolated
from presentations.database.models import Deck, KeptFile, Presentation, Slide, Version
from presentations.library import DeckView
from presentations.web.times import exact

_NEVER_KEPT = (
    "The slide generator does not know this presentation any more, and its file was never kept here. "
    "Make another like it."
)
_FETCHING = "Its file is being fetched. The slides appear here by themselves."
_FETCHED_LATER = "Its file cannot be had just now. It is fetched as soon as that works; you need not wait here."
_MAKING_PICTURES = "The pictures of its slides are being made. They appear here by themselves."
_GONE = (
    "The slide generator does not know this presentation any more. What you see was kept on {}; "
    "showing, printing and downloading it work as before."
)
_NOT_ASKED = (
    "Whether the slides were changed in Presenton cannot be found out just now. "
    "What you see is of {}; it can be shown and downloaded as always."
)
_FIRST_ONLY = "The first {} of {} slides are shown; the file has them all."
_OLD = "This is version {}, {}, of {}. Version {} is the one that is shown."
_ORIGINS = {"generated": "made", "edited": "edited in Presenton", "uploaded": "uploaded", "restored": "brought back"}


@dataclass(frozen=True)
class Viewed:
    """What is kept of one presentation's deck; `asked` is the number of the version that the address names, if any."""

    view: DeckView
    asked: int | None

    @property
    def version(self) -> Version | None:
        return self.view.version

    @property
    def versions(self) -> Sequence[Version]:
        return self.view.versions

    @property
    def slides(self) -> Sequence[Slide]:
        return self.view.slides

    @property
    def files(self) -> Mapping[str, KeptFile]:
        return self.view.files

    @property
    def count(self) -> int:
        """How many slides it has, or as many as were asked for."""
        counted = self.version.slides if self.version else None
        return max(len(self.slides), counted or 0) or self.view.presentation.n_slides

    @property
    def left_out(self) -> str:
        """That there are more slides than are shown, as a sentence; else nothing."""
        shown = len(self.slides)
        return _FIRST_ONLY.format(shown, self.count) if 0 < shown < self.count else ""

    @property
    def is_shown(self) -> bool:
        """Whether it is the version that is shown when none is asked for."""
        return self.version is None or self.version.number == self.view.presentation.version

    @property
    def is_gone(self) -> bool:
        """Whether Presenton knows it no longer."""
        return self.view.deck is not None and self.view.deck.gone_at is not None

    @property
    def is_coming(self) -> bool:
        """Whether its file or pictures are still to come."""
        return self.is_due and (self.version is None or self.version.prepared_at is None)

    @property
    def is_due(self) -> bool:
        """Whether a worker is about to look after it, so that it may be another in a moment."""
        deck = self.view.deck
        return deck is not None and deck.due_at is not None and deck.failing_since is None

    @property
    def told(self) -> list[str]:
        """Sentences about it: what is still to come, what is missing and why, and of when it is."""
        if self.version is None:
            return [_why_nothing(self.view.deck)]
        return [
            *_about_age(self.view.presentation, self.view.deck, self.version),
            *filter(None, [self.left_out]),
            *_about_parts(self.version, self.files),
        ]


def _why_nothing(deck: Deck | None) -> str:
    if deck is None or (deck.due_at and not deck.failing_since):
        return _FETCHING
    if deck.gone_at:
        return _NEVER_KEPT
    if deck.due_at:
        return _FETCHED_LATER
    return deck.problem or _NEVER_KEPT


def _about_age(presentation: Presentation, deck: Deck | None, version: Version) -> list[str]:
    if version.number != presentation.version:
        return [_OLD.format(version.number, origin(version), exact(version.made_at), presentation.version)]
    if deck and deck.gone_at:
        return [_GONE.format(exact(version.made_at))]
    if deck and deck.failing_since:
        return [_NOT_ASKED.format(exact(version.made_at))]
    return []


def _about_parts(version: Version, files: Mapping[str, KeptFile]) -> list[str]:
    if version.prepared_at is None:
        return [_MAKING_PICTURES]
    no_pdf = None if "pdf" in files else version.pdf_problem
    # Where there is no PDF there are no pictures, for the same reason.
    problems = dict.fromkeys(filter(None, (version.words_problem, no_pdf, version.pictures_problem)))
    return [isolated(problem) for problem in problems]


def origin(version: Version) -> str:
    """From where a version came, in words that follow its number."""
    if version.restored_from:
        return f"version {version.restored_from} brought back"
    return _ORIGINS[version.origin]
