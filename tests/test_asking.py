"""From a chapter to an outline to a deck, in a real Chromium, with a real worker and Presenton's stand-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pptx
import pytest
from fpdf import FPDF
from playwright.sync_api import Page, expect

from presentations.demo.server import DemoPresenton
from tests.support.browser import say_nothing
from tests.support.processes import Process


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    """Thirty pages."""
    book = FPDF()
    book.set_font("helvetica", size=14)
    for number in range(1, 31):
        book.add_page()
        book.multi_cell(0, 8, f"Part {number} of the water cycle\nOn hill {number} rain falls and runs to the sea.")
    path = tmp_path / "Water cycle.pdf"
    book.output(str(path))
    return path


@pytest.mark.timeout(180)
def test_from_a_chapter_to_an_outline_to_a_deck(
    open_page: Callable[..., Page],
    start_worker: Callable[..., Process],
    demo: DemoPresenton,
    chapter: Path,
) -> None:
    start_worker()
    page = open_page()
    page.locator("label").filter(has_text="My material").click()
    page.locator("input[type=file]").set_input_files(chapter)
    expect(page.get_by_text("30 pages", exact=False)).to_be_visible()
    page.get_by_label("Slides", exact=True).fill("4")
    page.get_by_text("For whom", exact=True).click()
    page.get_by_label("Grade or age").fill("Grade 5")
    page.get_by_text("What the generator is told").click()
    expect(page.get_by_text("For whom it is: Grade 5.")).to_be_visible()
    page.get_by_label("Outline first").check()
    page.locator("#ask").click()

    # The outline waits: one slide is renamed, one is deleted, one moved, by the keyboard.
    page.get_by_role("link", name="See the outline").click()
    titles = page.locator("#outline .title")
    expect(titles).to_have_count(4)
    say_nothing(page)
    page.get_by_label("Title of slide 2", exact=True).fill("Rain on the hill")
    page.get_by_label("Points of slide 2, one a line", exact=True).fill("It falls.\nIt runs to the sea.")
    page.locator("#delete-4").press("Enter")
    expect(titles).to_have_count(3)
    page.locator("#up-2").press("Enter")
    expect(titles.first).to_have_value("Rain on the hill")
    page.get_by_role("button", name="Make it").click()

    page.get_by_role("link", name="Lectern").click()
    card = page.get_by_role("article").filter(has_text="Water cycle")
    card.get_by_role("link", name="Open").click()
    with page.expect_download() as powerpoint:
        page.get_by_role("link", name="Download PowerPoint").click()
    deck = pptx.Presentation(str(powerpoint.value.path()))
    words = [" ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in deck.slides]
    assert len(words) == 3
    assert "Rain on the hill" in words[0]
    assert "It runs to the sea." in words[0]
    [made] = demo.generations
    assert "Grade 5" in str(made.asked.instructions)
    expect(page.get_by_text("Water cycle.pdf").first).to_be_visible()
    say_nothing(page)
