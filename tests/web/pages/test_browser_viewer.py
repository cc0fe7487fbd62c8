"""A presentation's slides in a real Chromium: looked at, shown to a class, and spoken to."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import say_nothing, say_nothing_in_both_themes
from tests.support.decks import a_pptx
from tests.support.keeper import WORDS, Keeper
from tests.support.maker import Maker
from tests.support.uploads import Give

PHONE = {"width": 360, "height": 720}


@pytest.fixture
def made(maker: Maker, keeper: Keeper) -> str:
    """The path of a finished presentation of four slides."""
    asked = maker.ask("Volcanoes")
    maker.finish(asked)
    keeper.keep(asked)
    return f"presentations/{asked}"


def seen(page: Page) -> list[str]:
    """Which slides stand in the viewer: one."""
    slides: list[str] = page.evaluate("""() => {
        const row = document.getElementById("slides");
        const isIn = ({ offsetLeft }) => Math.abs(offsetLeft - row.offsetLeft - row.scrollLeft) < row.clientWidth - 1;
        return [...row.children].filter(isIn).map((slide) => slide.id);
    }""")
    return slides


def test_the_viewer_turns_by_keys_buttons_and_the_strip(
    open_page: Callable[..., Page], address: str, made: str
) -> None:
    page = open_page()
    page.goto(address + made)
    place = page.locator("#turn-place")
    expect(place).to_have_text("1 of 4")
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text("2 of 4")
    assert seen(page) == ["slide-2"]
    page.get_by_text("Notes of slide 2", exact=False).first.click()
    expect(page.get_by_text("Use the sponge for this.")).to_be_visible()
    page.keyboard.press("End")
    expect(place).to_have_text("4 of 4")
    expect(page.get_by_text("Take your time here.")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_role("button", name="Previous").click()
    expect(place).to_have_text("3 of 4")
    page.get_by_role("link", name="Slide 2", exact=True).click()
    expect(place).to_have_text("2 of 4")
    expect(page.get_by_role("link", name="Slide 2", exact=True)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Home")
    expect(place).to_have_text("1 of 4")
    page.locator("#slides").evaluate("row => row.scrollTo(2 * row.clientWidth, 0)")  # as a swipe does
    expect(place).to_have_text("3 of 4")
    expect(page).to_have_url(re.compile("#slide-3$"))
    page.reload()
    expect(place).to_have_text("3 of 4")
    assert seen(page) == ["slide-3"]


def test_pictures_and_versions_come_by_themselves_and_the_slide_stays(
    open_page: Callable[..., Page], address: str, maker: Maker, keeper: Keeper
) -> None:
    asked = maker.ask("Volcanoes")
    maker.finish(asked)
    page = open_page()
    cover = page.locator(f"#p-{asked} .cover")
    expect(cover.locator("svg")).to_be_visible()
    height = cover.evaluate("cover => cover.parentElement.offsetHeight")
    keeper.keep(asked)
    keeper.note(asked, looked_at=None)
    page.reload()
    expect(cover.locator("img")).to_have_js_property("complete", True)
    assert cover.evaluate("cover => cover.parentElement.offsetHeight") == height
    page.goto(f"{address}presentations/{asked}")
    page.evaluate("window.neverReloaded = true")
    page.keyboard.press("ArrowRight")
    keeper.keep(asked, [*WORDS, ("Afterwards", "Ash", "")], origin="edited")
    expect(page.locator("#turn-place")).to_have_text("2 of 5")
    assert seen(page) == ["slide-2"]
    assert page.evaluate("window.neverReloaded")


def test_show_turns_blanks_and_leaves_by_the_keys_of_presenters(
    open_page: Callable[..., Page], address: str, made: str
) -> None:
    page = open_page()
    page.goto(address + made)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    stage = page.locator("#show")
    expect(stage.locator(".frame:visible")).to_have_attribute("data-title", "How they form")
    assert page.evaluate("Boolean(document.fullscreenElement)")
    for key, place in (("PageDown", 3), (" ", 4), ("ArrowRight", 4), ("PageUp", 3), ("Home", 1), ("End", 4)):
        page.keyboard.press(key)
        expect(stage.get_by_role("status")).to_contain_text(f"Slide {place} of 4")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(stage.get_by_role("status")).to_have_text("Slide 2 of 4. How they form")
    page.keyboard.press("b")
    expect(stage.locator(".frame:visible")).to_have_count(0)
    page.keyboard.press(".")
    expect(stage.locator(".frame:visible")).to_have_count(1)
    stage.click(position={"x": 300, "y": 200})
    expect(stage.get_by_role("status")).to_contain_text("Slide 3 of 4")
    say_nothing(page)
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    expect(page.locator("#turn-place")).to_have_text("3 of 4")
    expect(page.get_by_role("link", name="Show", exact=True)).to_be_focused()
    page.wait_for_function("!document.fullscreenElement")


def swipe(page: Page, by: int) -> None:
    page.mouse.move(180, 300)
    page.mouse.down()
    page.mouse.move(180 + by, 305)
    page.mouse.up()


@pytest.mark.parametrize("size", [PHONE, {"width": 1024, "height": 768}])
def test_show_fits_a_phone_and_an_old_projector_and_is_swiped(
    open_page: Callable[..., Page], address: str, made: str, size: dict[str, int]
) -> None:
    page = open_page(viewport=size)
    page.goto(f"{address}{made}/show#2")
    frame = page.locator(".frame:visible img")
    expect(frame).to_have_js_property("complete", True)
    assert frame.bounding_box() == {"x": 0, "y": 0, **size}
    assert frame.evaluate("image => getComputedStyle(image).objectFit") == "contain"
    said = page.get_by_role("status")
    expect(said).to_contain_text("Slide 2 of 4")
    swipe(page, -120)
    expect(said).to_contain_text("Slide 3 of 4")
    swipe(page, 120)
    expect(said).to_contain_text("Slide 2 of 4")
    page.mouse.move(20, 20)
    page.get_by_role("button", name="Leave").click()
    expect(page).to_have_url(re.compile(f"{made}#slide-2$"))


def test_speaker_view_follows_and_leads(
    open_page: Callable[..., Page], address: str, made: str, keeper: Keeper
) -> None:
    page = open_page()
    page.goto(f"{address}{made}/show#2")
    context: BrowserContext = page.context
    with context.expect_page() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    expect(speaker.get_by_text("Slide 2 of 4", exact=True)).to_be_visible()
    expect(speaker.get_by_text("Use the sponge for this.")).to_be_visible()
    expect(speaker.locator(".next .seen")).to_be_visible()
    expect(speaker.locator("#clock")).to_have_text(re.compile(r"\d:\d\d"))
    expect(speaker.locator("#elapsed")).to_have_text(re.compile(r"^\d:\d\d$"))
    page.keyboard.press("PageDown")
    expect(speaker.get_by_text("No notes on this slide.")).to_be_visible()
    speaker.get_by_role("button", name="Next").click()
    expect(page.get_by_role("status")).to_contain_text("Slide 4 of 4")
    expect(speaker.get_by_text("This is the last slide.")).to_be_visible()
    speaker.keyboard.press("b")
    expect(page.locator(".frame:visible")).to_have_count(0)
    say_nothing(speaker)


def test_everything_is_seen_and_done_without_javascript_on_a_phone(
    open_page: Callable[..., Page], address: str, made: str, keeper: Keeper
) -> None:
    page = open_page(java_script_enabled=False, viewport=PHONE)
    page.get_by_role("link", name="Open “Volcanoes”").click()
    for way in ("", "/show", "/speaker", "/handout", "/handout?layout=notes"):
        page.goto(f"{address}{made}{way}")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        tops = [
            place["y"] for place in (image.bounding_box() for image in page.locator("img[width='800']").all()) if place
        ]
        assert tops[:4] == sorted(set(tops[:4]))
        assert len(tops) >= len(WORDS)
    page.goto(address + made)
    page.get_by_text("Notes of slide 2").click()
    expect(page.get_by_text("Use the sponge for this.")).to_be_visible()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("link", name="Edit in Presenton")).to_be_visible()


def test_axe_finds_nothing_to_say_about_slides(
    open_page: Callable[..., Page], address: str, maker: Maker, keeper: Keeper, made: str
) -> None:
    unseen = maker.ask("مقدمة في علم الأحياء")
    maker.finish(unseen)
    keeper.keep(unseen, is_drawn=False, pictures_problem="There are no pictures of it.")
    keeper.keep(unseen, WORDS[1:], is_drawn=False)
    page = open_page(viewport=PHONE)
    say_nothing_in_both_themes(page)
    for path in (made, f"{made}/handout", f"{made}/speaker", f"presentations/{unseen}", f"presentations/{unseen}/show"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        say_nothing_in_both_themes(page)


def test_what_it_was_made_from_is_fetched_kept_and_removed_on_its_page(
    open_page: Callable[..., Page], address: str, maker: Maker, give: Give
) -> None:
    files = [give("teacher", "Zellen " + "x" * 150 + ".txt"), give("teacher", "الخلايا.md", "# B")]
    asked = maker.library.create("teacher", "Cells", file_ids=[one.id for one in files]).id
    maker.finish(asked)
    page = open_page(viewport=PHONE)
    page.goto(f"{address}presentations/{asked}")
    made_from = page.get_by_role("region", name="Made from")
    first, second = made_from.get_by_role("listitem").all()
    with page.expect_download() as download:
        second.get_by_role("link", name="Download الخلايا.md").click()
    assert download.value.suggested_filename == "الخلايا.md"
    first.get_by_role("button", name="Keep with the slides Zellen").click()
    expect(first.get_by_text("stays with the slides")).to_be_visible()
    second.get_by_role("button", name="Remove الخلايا.md").click()
    expect(second.get_by_text("removed")).to_be_visible()
    expect(second.get_by_role("button")).to_have_count(0)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        say_nothing(page)


def test_a_file_is_uploaded_and_one_that_is_none_is_refused_in_place(
    open_page: Callable[..., Page], address: str, made: str, tmp_path: Path
) -> None:
    page = open_page()
    page.goto(address + made)
    page.get_by_text("I changed it in PowerPoint").click()
    field = page.get_by_label("Your .pptx file")
    (bad := tmp_path / "bad.pptx").write_bytes(b"<html>")
    field.set_input_files(bad)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("This is a web page, and no PowerPoint file.")).to_be_visible()
    field.evaluate("(field) => (field.dataset.most = 1000)")
    field.set_input_files(a_pptx(tmp_path / "deck.pptx"))
    expect(page.get_by_text("Expected at most 0.001 MB.")).to_be_visible()
    field.evaluate("(field) => (field.dataset.most = 1000000)")
    field.set_input_files(tmp_path / "deck.pptx")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Version 2, uploaded")).to_be_visible()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("Version 3, version 1 brought back")).to_be_visible()
