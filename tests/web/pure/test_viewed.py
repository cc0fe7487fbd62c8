"""What a presentation's page says about its deck."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from presentations.database.models import Deck, KeptFile, Presentation, Version
from presentations.library import DeckView
from presentations.web.pages.viewed import Viewed

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
NO_PDF = "There is no PDF."
READY = {"prepared_at": NOW}


def viewed(
    deck: dict[str, Any], version: dict[str, Any] | None, *, shown: int | None = 1, has_pdf: bool = True
) -> Viewed:
    one = Presentation(id=uuid4(), n_slides=8, version=shown)
    kept = None if version is None else Version(number=1, origin="generated", made_at=NOW, **version)
    files = {"pdf": KeptFile(kind="pdf")} if has_pdf else {}
    return Viewed(DeckView(one, Deck(id=one.id, **deck), kept, [kept] if kept else [], files, []), None)


@pytest.mark.parametrize(
    ("deck", "version", "expected"),
    [
        ({"due_at": NOW}, None, "Its file is being fetched."),
        ({"due_at": NOW, "failing_since": NOW}, None, "is fetched as soon as that works; you need not wait"),
        ({"gone_at": NOW}, None, "was never kept here. Make another"),
        ({"problem": "It holds macros."}, None, "It holds macros."),
        ({"due_at": NOW}, {}, "pictures of its slides are being made. They appear"),
        ({}, READY | {"pictures_problem": "No pictures."}, "No pictures."),
        ({}, READY | {"words_problem": "No words."}, "No words."),
        ({"gone_at": NOW}, READY, "What you see was kept on Thursday 26 November 2026"),
        ({"failing_since": NOW, "due_at": NOW}, READY, "cannot be found out just now. What you see is of Thursday"),
        ({}, READY, ""),
    ],
)
def test_page_says_what_is_to_come_and_what_is_missing(
    deck: dict[str, Any], version: dict[str, Any] | None, expected: str
) -> None:
    said = viewed(deck, version).told
    assert len(said) == bool(expected)
    assert expected in " ".join(said)


def test_why_there_is_no_pdf_is_said_once_and_only_where_there_is_none() -> None:
    both = READY | {"pdf_problem": NO_PDF, "pictures_problem": NO_PDF}
    assert [NO_PDF in said for said in viewed({}, both, has_pdf=False).told] == [True]
    assert viewed({}, READY | {"pdf_problem": NO_PDF}).told == []


def test_it_is_looked_at_often_only_while_something_is_about_to_come() -> None:
    assert viewed({"due_at": NOW}, READY).is_due
    assert not viewed({"due_at": NOW}, READY).is_coming
    assert viewed({"due_at": NOW}, {}).is_coming
    assert not viewed({"due_at": NOW, "failing_since": NOW}, None).is_due
    assert not viewed({}, READY).is_due
