"""Shelves and search: the newest of each, and all of them page by page."""

from __future__ import annotations

import re
from html import unescape

import pytest

from presentations.database.models import (
    CANCELLED,
    ERROR,
    PENDING,
)
from tests.web.desk import Desk, section


def test_search_finds_by_all_words_whatever_the_accents(desk: Desk) -> None:
    desk.finished("Été à la mer")
    desk.failed("Eté in the mountains")
    desk.finished("Winter")
    page = desk.page("/search?q=ETE")
    assert '<span role="status">2<' in page
    assert "Winter" not in page
    assert "Not made" in page
    assert '<span role="status">1<' in desk.page("/search?q=mer+été&sort=title&of=finished")
    assert "Nothing found" in desk.page("/search?q=summer")
    assert "Nothing found" in desk.page("/search?q=100%25")
    assert desk.client.get("/search?q=a%00&of=nothing&sort=nothing").status_code == 200


def test_search_goes_on_page_by_page(desk: Desk) -> None:
    desk.fill(50)
    (more,) = re.findall(r'rel="next" href="([^"]*)"', desk.page("/search?q=topic&sort=title"))
    assert more.startswith("/search?q=topic&amp;sort=title&amp;after=")
    assert len(re.findall("<article", desk.page(unescape(more)))) == 2


def test_shelf_shows_its_newest_dozen_and_leads_to_all(desk: Desk, statements: list[str]) -> None:
    desk.fill(50, subject="life & more", name="Life & more")
    desk.fill(14, status=ERROR)
    statements.clear()
    page = desk.page()
    assert len(statements) == 2
    assert page.count("<article") == 24
    shelf = section(page, "Life &amp; more")
    assert shelf.startswith("Life & more 50 in all Show all 50")
    assert "Topic 1 New Select “Topic 1” 8 slides" in shelf
    assert "Topic 12 New Select “Topic 12” 8 slides" in shelf
    assert "Topic 13 " not in shelf
    attention = section(page, "Needs attention")
    assert "Show all 14" in attention
    assert attention.count("Not made.") == 12
    assert '<a class="all" href="/shelf?subject=Life+%26+more">' in page


def test_all_of_a_shelf_come_page_by_page(desk: Desk, statements: list[str]) -> None:
    desk.fill(50, subject="life & more", name="Life & more")
    first = desk.page("/shelf?subject=Life+%26+more")
    assert re.findall(r"<h3[^>]*><a[^>]*>(Topic \d+)", first) == [f"Topic {n}" for n in range(1, 49)]
    assert '<h1 dir="auto">Life &amp; more</h1><span>50<' in first
    assert "To the beginning" not in first
    (older,) = re.findall(r'rel="next" href="([^"]*)"', first)
    statements.clear()
    second = desk.page(unescape(older))
    assert len(statements) == 3
    assert re.findall(r"<h3[^>]*><a[^>]*>(Topic \d+)", second) == ["Topic 49", "Topic 50"]
    assert '<a class="btn" href="/shelf?subject=Life+%26+more">To the beginning</a>' in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("status", "kind", "name"),
    [
        (PENDING, "in-progress", "In progress"),
        (ERROR, "attention", "Needs attention"),
        (CANCELLED, "cancelled", "Cancelled"),
    ],
)
def test_each_kind_has_a_page_of_its_own(desk: Desk, status: str, kind: str, name: str) -> None:
    desk.fill(14, status=status)
    assert f'href="/shelf?of={kind}"' in desk.page()
    page = desk.page(f"/shelf?of={kind}")
    assert f'<h1 dir="auto">{name}</h1><span>14<' in page
    assert len(re.findall("<article", page)) == 14


@pytest.mark.parametrize(
    ("path", "code"),
    [("/shelf?of=nothing", 404), ("/shelf?after=x", 400), ("/shelf?subject=", 400), ("/shelf?subject=x", 200)],
)
def test_address_of_a_shelf_may_have_a_slip_in_it(desk: Desk, path: str, code: int) -> None:
    assert desk.client.get(path).status_code == code


def test_shelves_hold_nothing_of_a_colleague(desk: Desk) -> None:
    desk.fill(14, user_id="colleague")
    assert "Topic" not in desk.page() + desk.page("/shelf")


def test_what_is_in_progress_takes_one_statement_more_and_a_search_two(desk: Desk, statements: list[str]) -> None:
    desk.running("Runs")
    for path, most in {"/": 4, "/shelf?of=in-progress": 4, "/search?q=runs": 5}.items():
        statements.clear()
        desk.page(path)
        assert len(statements) <= most, path


def test_what_is_found_is_narrowed_down_to_a_grade(desk: Desk) -> None:
    assert 'id="grade"' not in desk.page("/search")
    desk.finished("Cells", grade="Grade 9")
    desk.finished("Fractions", grade="Grade 5")
    page = desk.page("/search?grade=grade+9")
    assert "Cells" in page
    assert "Fractions" not in page
    assert '<option value="Grade 9" selected>' in page
    (nine,) = [row for row in desk.rows() if row.topic == "Cells"]
    assert "Grade 9" in desk.page(f"/presentations/{nine.id}")
