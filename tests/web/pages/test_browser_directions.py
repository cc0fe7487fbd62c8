"""A title written from right to left, as Chromium draws it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.support.maker import Maker
from tests.web.directions import ISOLATED, ODD

# Where words begin, from the left.
LEFT = """(element, words) => words.map((word) => {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() && !texts.currentNode.data.includes(word));
  const range = document.createRange();
  range.setStart(texts.currentNode, texts.currentNode.data.indexOf(word));
  range.setEnd(texts.currentNode, range.startOffset + word.length);
  return range.getBoundingClientRect().left;
})"""
# The title is read from the right: its number comes first.
TITLE = ["X", "مقدمة", "3"]


def order(element: Locator, words: list[str]) -> list[str]:
    """The words from left to right."""
    left: list[float] = element.evaluate(LEFT, words)
    return [word for _, word in sorted(zip(left, words, strict=True))]


def test_it_is_read_as_it_was_typed_on_its_card_in_a_toast_and_in_the_tab(
    open_page: Callable[..., Page], maker: Maker
) -> None:
    row = maker.ask(ODD)
    page = open_page()
    heading = page.get_by_role("article").get_by_role("heading")
    assert order(heading, TITLE) == TITLE
    maker.finish(row)
    ready = page.locator(".toast p")
    expect(ready).to_have_text(f"Ready: “{ISOLATED}”")
    expect(page).to_have_title(f"Ready: “{ISOLATED}”")
    assert order(ready, ["Ready:", "“", *TITLE, "”"]) == ["Ready:", "“", *TITLE, "”"]
    assert order(heading, TITLE) == TITLE
    page.get_by_role("link", name=f"Move “{ODD}”").click()
    moved = ["Move “", *TITLE, "” to"]
    assert order(page.get_by_role("heading", name="Move “"), moved) == moved
    page.keyboard.press("Escape")
    heading.get_by_role("link").press("Enter")
    expect(page).to_have_title(f"{ISOLATED} · Lectern")
    assert order(page.get_by_role("heading", level=1), TITLE) == TITLE


def test_the_title_of_the_tab_comes_back_once_it_was_seen(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask(ODD)
    page = open_page()
    page.get_by_role("link", name=ODD, exact=True).click()
    expect(page).to_have_title(f"{ISOLATED} · Lectern")
    maker.finish(row)
    expect(page).to_have_title(f"Ready: “{ISOLATED}”")
    page.keyboard.press("Shift")
    expect(page).to_have_title(f"{ISOLATED} · Lectern")
