"""Thumbnails of templates: fetched anew when they are old or have moved, forgotten with their template."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, update

from presentations.database import Database
from presentations.database.models import TemplatePicture
from presentations.errors import NotFound
from presentations.library import keep_thumbnail, thumbnail, thumbnails, thumbnails_wanted
from presentations.presenton import Template

GENERAL = Template("general", "General", thumbnail="/app_data/general.png")
SWIFT = Template("swift", "Swift", thumbnail="/app_data/swift.png")


def test_what_is_new_moved_or_old_is_wanted(database: Database) -> None:
    both = [GENERAL, SWIFT, Template("bare", "Bare")]
    assert thumbnails_wanted(database, both) == [("general", GENERAL.thumbnail), ("swift", SWIFT.thumbnail)]
    keep_thumbnail(database, "general", "/app_data/general.png", "image/png", b"one")
    keep_thumbnail(database, "swift", "/app_data/elsewhere.png", "image/jpeg", b"two")
    assert thumbnails_wanted(database, both) == [("swift", SWIFT.thumbnail)]
    with database.begin() as session:
        session.execute(update(TemplatePicture).values(seen_at=func.now() - timedelta(days=1, seconds=1)))
    assert thumbnails_wanted(database, both) == [("general", GENERAL.thumbnail), ("swift", SWIFT.thumbnail)]


def test_each_is_found_by_its_content_until_its_template_is_gone(database: Database) -> None:
    keep_thumbnail(database, "general", "/a.png", "image/png", b"one")
    keep_thumbnail(database, "general", "/a.png", "image/webp", b"two")
    sha256 = thumbnails(database)["general"]
    assert thumbnail(database, sha256) == ("image/webp", b"two")
    thumbnails_wanted(database, [SWIFT])
    assert thumbnails(database) == {}
    with pytest.raises(NotFound, match="no such picture"):
        thumbnail(database, sha256)
