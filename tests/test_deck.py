"""A deck's whole life, in a real Chromium, with a real worker and Presenton's stand-in behind the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pptx
import pytest
from playwright.sync_api import Page, expect

from presentations.demo.server import DemoPresenton
from tests.support.browser import say_nothing
from tests.support.processes import Process

PHONE = {"width": 360, "height": 740}
SUMMARY = "Summary"  # stands on the last slide only


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"PICTURE_THREADS": "1"}


def ask(page: Page, topic: str, slides: int) -> None:
    page.get_by_label("What should it be about?").fill(topic)
    page.get_by_label("Slides", exact=True).fill(str(slides))
    page.locator("#ask").click()


def whole(page: Page) -> None:
    """Wait until every slide that the viewer has is drawn."""
    expect(page.locator("#slides img").first).to_have_js_property("complete", True)


@pytest.mark.timeout(180)
def test_a_decks_life(
    open_page: Callable[..., Page],
    start_worker: Callable[..., Process],
    demo: DemoPresenton,
    address: str,
    tmp_path: Path,
) -> None:
    start_worker()
    page = open_page()
    ask(page, "Photosynthesis", 4)
    card = page.get_by_role("article").filter(has_text="Photosynthesis")
    expect(card.locator(".cover img")).to_have_js_property("complete", True)  # the cover comes by itself
    card.get_by_role("link", name="Open").click()
    whole(page)
    place = page.locator("#turn-place")
    expect(place).to_have_text("1 of 4")
    page.evaluate("window.neverReloaded = true")

    page.keyboard.press("s")
    stage = page.locator("#show")
    expect(stage.locator(".frame:visible")).to_have_count(1)
    page.keyboard.press("PageDown")
    expect(stage.get_by_role("status")).to_contain_text("Slide 2 of 4")
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)

    # Edited in Presenton's editor: the new version arrives by itself.
    editor = page.context.new_page()
    editor.goto(page.url.partition("#")[0] + "/open")
    editor.get_by_label("Title of slide 1", exact=True).fill("Light becomes sugar")
    editor.get_by_role("button", name="Save").first.click()
    editor.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus')); document.dispatchEvent(new Event('visibilitychange'))")
    page.keyboard.press("Home")
    expect(page.locator("#slide-1")).to_contain_text("Light becomes sugar")
    expect(page.get_by_text("Version 2, edited in Presenton", exact=False)).to_be_visible()
    assert page.evaluate("window.neverReloaded")

    with page.expect_download() as pdf:
        page.get_by_role("link", name="Download PDF").click()
    assert pdf.value.path().read_bytes().startswith(b"%PDF")

    # Changed in PowerPoint, and uploaded.
    with page.expect_download() as powerpoint:
        page.get_by_role("link", name="Download PowerPoint").click()
    changed = tmp_path / "changed.pptx"
    deck = pptx.Presentation(str(powerpoint.value.path()))
    deck.slides[2].shapes[0].text_frame.text = "Chloroplasts do it"
    deck.save(str(changed))
    page.get_by_text("I changed it in PowerPoint").click()
    page.locator("input[type=file]").set_input_files(changed)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Version 3, uploaded", exact=False)).to_be_visible()
    expect(page.locator("#slide-3")).to_contain_text("Chloroplasts do it")

    # A word that stands on the third slide only.
    page.get_by_role("searchbox").fill("chloroplasts")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="on slide 3").click()
    expect(place).to_have_text("3 of 4")

    # The first state is brought back, and printed.
    versions = page.get_by_role("listitem").filter(has_text="Version 1, made")
    versions.get_by_role("button", name=re.compile("Bring back")).click()
    expect(page.get_by_text("Version 4", exact=False).first).to_be_visible()
    expect(page.locator("#slide-1")).to_contain_text("Photosynthesis")
    page.get_by_role("link", name="Handout").click()
    expect(page.get_by_role("heading", name="Photosynthesis", exact=True)).to_be_visible()
    say_nothing(page)

    # Presenton is gone with all its data: everything that was made is there.
    demo.stop()
    phone = open_page(viewport=PHONE)
    phone.get_by_role("article").get_by_role("link", name="Open").click()
    whole(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    say_nothing(phone)
    plain = open_page(viewport=PHONE, java_script_enabled=False)
    plain.get_by_role("article").get_by_role("link", name="Open").click()
    expect(plain.locator("#slide-4")).to_contain_text(SUMMARY)
    with plain.expect_download() as kept:
        plain.get_by_role("link", name="Download PowerPoint").click()
    assert len(pptx.Presentation(str(kept.value.path())).slides) == 4
