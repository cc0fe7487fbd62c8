"""A card that was written before is shown again only where all that stands in it is the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from jinja2 import meta
from sqlalchemy import update

from presentations.database.models import Presentation
from presentations.resources import resource
from presentations.web.pages.card import Card, _written
from presentations.web.pages.cover import cover
from tests.web.desk import Desk

CARD = Card(
    home="/",
    id=uuid4(),
    status="complete",
    title="Cells",
    subject="default",
    cover=None,
    n_slides=5,
    time=datetime(2026, 11, 27, 12, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
    today=date(2026, 11, 27),
    is_opened=True,
    has_file=False,
    awaits_teacher=False,
    slide=None,
)


def test_its_template_knows_nothing_but_the_card(app: Flask) -> None:
    source = Path(resource("templates"), "_card.html").read_text(encoding="utf-8")
    assert meta.find_undeclared_variables(app.jinja_env.parse(source)) == {"card"}


def test_it_is_written_once_as_long_as_nothing_of_it_changes(desk: Desk) -> None:
    desk.fill(14)
    page = desk.page()
    before = _written.cache_info()
    assert desk.page().count('class="card"') == page.count('class="card"') == 12
    after = _written.cache_info()
    assert (after.misses, after.hits - before.hits) == (before.misses, 12)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"title": "Little <b>rooms</b>"}, "Little &lt;b&gt;rooms&lt;/b&gt;"),
        ({"opened_at": datetime.now(UTC)}, 'class="card"'),
        ({"version": 1}, "/file"),
        ({"cover": "5" * 64}, f"/pictures/{'5' * 64}.webp"),
        ({"n_slides": 11}, "11 slides"),
        ({"completed_at": datetime.now(UTC) - timedelta(days=400)}, "20"),
        ({"status": "error", "error": "No."}, "Not made"),
    ],
)
def test_what_changes_is_seen_at_once(desk: Desk, change: dict[str, Any], seen: str) -> None:
    row = desk.finished("Cells")
    before = desk.page("/search?q=cells")
    with desk.database.begin() as session:
        session.execute(update(Presentation).where(Presentation.id == row.id).values(**change))
    after = desk.page("/search?q=cells").split('<div class="grid">')[1]
    assert after != before.split('<div class="grid">')[1]
    assert seen in after


def test_what_was_not_made_says_when_it_was_asked_for(desk: Desk) -> None:
    desk.asked("Cells", status="error", completed_at=datetime(2019, 3, 4, tzinfo=UTC))
    assert "2019" not in desk.page("/search?q=cells")


def test_another_subject_is_another_colour(desk: Desk) -> None:
    row = desk.finished("Cells")
    assert cover(row) in desk.page()
    with desk.database.begin() as session:
        session.execute(update(Presentation).values(subject="biology"))
    row.subject = "biology"
    assert cover(row) in desk.page()


def test_the_day_the_zone_and_the_path_are_part_of_it(app: Flask) -> None:
    with app.app_context():
        assert "today, 13:00" in _written(CARD)
        assert "yesterday" in _written(CARD._replace(today=date(2026, 11, 28)))
        assert "today, 12:00" in _written(CARD._replace(zone=UTC))
        assert 'href="/lectern/presentations/' in _written(CARD._replace(home="/lectern/"))
