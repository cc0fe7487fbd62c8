"""The sections of a library, and what is read of the presentations in them."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm.exc import UnmappedInstanceError

from presentations.database import Database
from presentations.library import Library
from presentations.library.sections import _NAMES
from tests.support.presentations import finished


def test_what_is_in_them_is_as_when_it_is_read_whole(library: Library, database: Database) -> None:
    made, asked = finished(library, database, "alice", "Made", "Biology"), library.create("alice", "Asked")
    sections, _ = library.sections("alice", 12)
    found = {one.id: one for section in sections for one in section.newest}
    for whole in (library.get("alice", made.id), library.get("alice", asked.id)):
        shown = found[whole.id]
        assert {name: getattr(shown, name) for name in _NAMES} == {name: getattr(whole, name) for name in _NAMES}
        assert (shown.shown_title, shown.awaits_teacher) == (whole.shown_title, whole.awaits_teacher)


def test_what_is_in_them_is_only_to_be_read_and_only_what_cards_show(library: Library, database: Database) -> None:
    finished(library, database, "alice", "Made")
    ((section,), _) = library.sections("alice", 12)
    (one,) = section.newest
    assert inspect(one, raiseerr=False) is None
    with pytest.raises(UnmappedInstanceError):
        _ = one.request_id
    with pytest.raises((UnmappedInstanceError, AttributeError)):
        one.title = "Another"
