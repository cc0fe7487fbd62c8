"""The Presentons that the demo can play: each release is one description, from the oldest to the newest.

Each says what it changed against the one before. What was recorded from a running server is marked so; the rest was
read in that release's code or in Presenton's documentation.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any


class IdIn(Enum):
    """Which answers about a task name the presentation that it makes (those of a completed one apart)."""

    NONE = "none"
    FIRST = "first"
    ALL = "all"


class ProviderWords(Enum):
    """How the model provider's own error stands in Presenton's."""

    PREFIXED = "prefixed"
    """Always status 500, the words with a prefix."""
    RAW = "raw"
    """Its status and its words."""
    MASKED = "masked"
    """The same, except that a fault of its servers is told in one general sentence."""


class TemplateList(Enum):
    """Where the templates are listed, and how."""

    NONE = "none"
    NAMES = "names"
    """At /template/all, a bare list."""
    UUIDS = "uuids"
    """At /templates, with ids that tell nothing."""
    PAGES = "pages"
    """At /template/all, in pages."""


@dataclass(frozen=True)
class Release:
    covers: str
    """The releases of Presenton that behave so, in words for people."""

    # Calls that not every release has.
    has_async: bool = False
    has_async_tasks: bool = False
    """Tasks name their type, and are found under /async-tasks as well."""
    has_export: bool = False
    """POST presentation/{id}/export. Exporting by an edit that changes nothing works everywhere."""
    has_bare_list: bool = False
    """include_slides=false is understood. Such a list shows drafts, too."""
    template_list: TemplateList = TemplateList.NONE
    templates: tuple[str, ...] = ("general", "modern", "standard", "swift")

    # What is asked for, if nothing is said.
    n_slides: int | None = 8
    language: str = "English"
    most_slides: int | None = None

    # Who is let in.
    logins: frozenset[str] = frozenset()
    """Of basic, cookie, bearer; none where nobody is asked."""
    has_accounts: bool = False
    """Users have ids and roles, and files of their own."""

    # What a task tells.
    working_word: str = "pending"
    has_counters: bool = False
    counted_by: int = 10
    """The counters move when so many slides are made."""
    id_in: IdIn = IdIn.NONE
    has_result: bool = False
    """A completed task says where its deck is."""

    # What a deck tells beyond what all do, and where its file is.
    deck_fields: dict[str, Any] = field(default_factory=dict)
    has_slide_ui: bool = False
    draws_slides: bool = False
    """A slide's `ui` holds its elements with their places, rather than nothing."""
    is_file_named_by_title: bool = False
    """Decks of one title share one file: that of the deck which was exported last."""

    # How errors are told.
    has_error_codes: bool = True
    """Errors of the blocking call keep their status, rather than all being 500."""
    provider_words: ProviderWords = ProviderWords.MASKED
    bad_json: tuple[int, str] = (500, "Expecting value: line 1 column 1 (char 0)")
    wrong_count: tuple[int, str] = (
        400,
        "Failed to generate presentation outlines with requested number of slides. Please try again.",
    )

    @property
    def has_auth(self) -> bool:
        return bool(self.logins)

    def has_template(self, name: str) -> bool:
        return name in self.templates or name in map(self.template_id, self.templates)

    def template_id(self, name: str) -> str:
        """The id under which a template is listed."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name)) if self.template_list is TemplateList.UUIDS else name


CUSTOM = "custom-0b6f3c1e-5d0a-4a53-9d0e-6f1a2b3c4d5e"
"""A template that somebody made on Presenton's own pages."""

_POPPINS = "https://fonts.googleapis.com/css2?family=Poppins:ital,wght@0,400;0,700;1,400&display=swap"

_0_5_14 = Release(
    "up to 0.5.14",
    is_file_named_by_title=True,
    has_error_codes=False,
    provider_words=ProviderWords.PREFIXED,
    bad_json=(400, "Failed to generate presentation outlines. Please try again."),
    wrong_count=(500, "Presentation generation failed"),
)
_0_7_3 = replace(_0_5_14, covers="0.5.15 to 0.7.3", has_async=True, has_result=True)
_0_8_9 = replace(  # recorded: 0.8.9.1
    _0_7_3,
    covers="0.8.x",
    template_list=TemplateList.NAMES,
    templates=(
        *("general", "modern", "standard", "swift", "code", "education", "product-overview", "report", "pitch-deck"),
        *("neo-general", "neo-standard", "neo-modern", "neo-swift"),
    ),
    n_slides=None,
    language="",
    most_slides=50,
    logins=frozenset({"basic", "cookie"}),
    deck_fields={"theme": None, "fonts": None},
    is_file_named_by_title=False,
    has_error_codes=True,
    provider_words=ProviderWords.RAW,
    wrong_count=Release.wrong_count,
)
_0_9_0 = replace(  # recorded
    _0_8_9,
    covers="0.9.0 to 0.9.2",
    has_async_tasks=True,
    has_bare_list=True,
    template_list=TemplateList.UUIDS,
    templates=("general", "modern", "standard", "swift"),
    working_word="processing",
    has_counters=True,
    has_result=False,
    deck_fields={
        "version": "v1-standard",
        "layout": {"name": "general", "ordered": False, "icon_type": "bold", "icon_weight": "bold", "slides": []},
        "structure": {"slides": []},
        "theme": None,
        "fonts": None,
        "merged_components": None,
    },
    has_slide_ui=True,
    provider_words=ProviderWords.MASKED,
    bad_json=Release.bad_json,
)
_0_9_3 = replace(  # recorded
    _0_9_0,
    covers="0.9.3",
    template_list=TemplateList.PAGES,
    templates=("swift", "standard", "momentum", "modern", "general", "executive", "dynamic", CUSTOM),
    logins=frozenset({"cookie", "bearer"}),
    has_accounts=True,
    working_word="pending",
    deck_fields={"version": "v2-standard", "fonts": {"Poppins": _POPPINS}},
    draws_slides=True,
)
_WITH_RESULT = replace(  # recorded
    _0_9_3, covers="0.9.3 with the change of Presenton's pull request 837", id_in=IdIn.ALL, has_result=True
)
_FORK = replace(
    _0_9_3, covers="a fork of July 2026: the id is named once and then left out", id_in=IdIn.FIRST
)  # recorded
# Slide by slide, and not by ten as the real one: `make run` plays this release, and people watch it.
_LATEST = replace(_WITH_RESULT, covers="newer than pull requests 831 and 837", has_export=True, counted_by=1)

RELEASES = {
    "latest": _LATEST,
    "fork": _FORK,
    "0.9.3+837": _WITH_RESULT,
    "0.9.3": _0_9_3,
    "0.9.0": _0_9_0,
    "0.8.9": _0_8_9,
    "0.7": _0_7_3,
    "0.5": _0_5_14,
}
