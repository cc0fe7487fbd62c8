"""Many at once, and what is usual for a subject, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from presentations.library import Defaults
from tests.support.browser import say_nothing
from tests.support.maker import Maker

TWELVE = "Topic\tSlides\tSubject\n" + "\n".join(f"Lesson {n}\t{n + 2}\tBiology" for n in range(1, 12)) + "\nRome"
PHONE = {"width": 360, "height": 720}


@pytest.mark.parametrize("javascript", [True, False])
def test_twelve_topics_are_asked_for_on_a_phone(open_page: Callable[..., Page], maker: Maker, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript, viewport=PHONE)
    page.get_by_role("link", name="Several at once").click()
    page.get_by_label("A topic on each line").fill(TWELVE)
    if javascript:
        say_nothing(page)
    page.get_by_role("button", name="Look through them").click()
    expect(page.get_by_text("12 topics.")).to_be_visible()
    page.get_by_label("Slides of row 3").fill("many")
    page.get_by_label("Topic of row 12").press("Enter")
    expect(page.get_by_text("Expected a whole number from 1 to 50")).to_be_visible()
    if javascript:
        say_nothing(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Take out row 3").click()
    page.get_by_label("Subject, where a row has none").fill("History")
    page.get_by_role("button", name="Ask for all 11").click()
    expect(page.get_by_text("11 are asked for.")).to_be_visible()
    asked = {(row.topic, row.subject) for row in maker.library.list("teacher").items}
    assert ("Rome", "history") in asked
    assert ("Lesson 11", "biology") in asked
    assert len(asked) == 11


def test_a_subjects_defaults_are_said_once_and_filled_in(open_page: Callable[..., Page], maker: Maker) -> None:
    Defaults(maker.library.database).keep("teacher", "Biology", {})
    page = open_page()
    page.goto(f"{page.url}shelf?subject=Biology")
    page.get_by_text("What each new one under").click()
    page.get_by_label("Slides", exact=True).fill("2")
    page.get_by_label("Slide with contents").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("It needs at least 3 slides, got 2")).to_be_visible()
    say_nothing(page)
    page.get_by_label("Slides", exact=True).fill("12")
    page.get_by_label("Grade or age").fill("Grade 9")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("begins with that now")).to_be_visible()
    page.goto(page.url.partition("shelf")[0] + "new?subject=Biology")
    note = page.locator("#usual")
    expect(note).to_contain_text("As usual for Biology: Slides: 12 · \u2068Grade 9\u2069 · Slide with contents")
    say_nothing(page)
    note.get_by_text("Start without").click()
    expect(note).to_be_hidden()
    expect(page.get_by_label("Slides", exact=True)).to_have_value("5")
    expect(page.locator("#grade")).to_have_value("")


def test_choosing_a_subject_fills_in_what_was_not_typed(open_page: Callable[..., Page], maker: Maker) -> None:
    defaults = Defaults(maker.library.database)
    defaults.keep("teacher", "Biology", {"grade": "Grade 9", "n_slides": 12, "table_of_contents": True})
    defaults.keep("teacher", "History", {"n_slides": 9, "tone": "funny"})
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda sent: asked.extend(re.findall(r"subjects/defaults\?subject=(.*)", sent.url)))
    note, subject, slides = (
        page.locator("#usual"),
        page.get_by_label("Subject", exact=True),
        page.get_by_label("Slides", exact=True),
    )
    page.get_by_label("What should it be about?").fill("Rome")
    subject.fill("biology")
    expect(note).to_contain_text("As usual for biology")
    expect(slides).to_have_value("12")
    expect(page.locator("#table_of_contents")).to_be_checked()
    page.locator("#whom > summary").click()
    expect(page.locator("#grade")).to_have_value("Grade 9")
    page.locator("#grade").fill("Grade 10")
    subject.fill("History")
    page.evaluate("document.dispatchEvent(new CustomEvent('lectern:shown'))")  # as when there is news
    expect(note).to_contain_text("As usual for History: Slides: 9 · \u2068Funny\u2069")
    expect(slides).to_have_value("9")
    expect(page.locator("#tone")).to_have_value("funny")
    expect(page.locator("#grade")).to_have_value("Grade 10")
    expect(page.locator("#table_of_contents")).not_to_be_checked()
    slides.fill("20")
    subject.fill("")
    expect(note).to_be_hidden()
    expect(slides).to_have_value("20")
    expect(page.locator("#tone")).to_have_value("")
    subject.fill("Biology")
    expect(note).to_contain_text("As usual for Biology")
    expect(slides).to_have_value("20")
    page.get_by_role("button", name="Make 20 slides").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Rome")
    (row,) = maker.library.list("teacher").items
    assert (row.n_slides, row.grade, row.table_of_contents) == (20, "Grade 10", True)
    assert asked == ["biology", "History", "", "Biology"]  # once each: leaving the field asks for nothing new


def test_a_list_that_is_typed_is_kept_until_it_is_asked_for(open_page: Callable[..., Page], address: str) -> None:
    page = open_page()
    page.goto(f"{address}new/list")
    topics = page.get_by_label("A topic on each line")
    topics.fill("Rome\nAthens")
    page.reload()
    expect(topics).to_have_value("Rome\nAthens")
    page.get_by_role("link", name="My material").click()
    expect(page.get_by_label("Your text")).to_be_visible()
    page.get_by_role("link", name="Several at once").click()
    page.get_by_role("button", name="Look through them").click()
    page.get_by_label("Slides of row 2").fill("many")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_label("Slides of row 2")).to_be_focused()
    page.goto(f"{address}new/list")
    expect(topics).to_have_value("Rome\nAthens")
    page.get_by_role("button", name="Look through them").click()
    page.get_by_role("button", name="Ask for all 2").click()
    expect(page.get_by_text("2 are asked for.")).to_be_visible()
    page.goto(f"{address}new/list")
    expect(topics).to_have_value("")
    topics.fill("Carthage")
    page.get_by_role("button", name="Look through them").click()
    page.get_by_role("link", name="Start over").click()
    expect(topics).to_have_value("")
