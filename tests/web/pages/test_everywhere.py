"""The pages in any browser: without JavaScript, on narrow screens, by the keyboard alone, read aloud."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from presentations.accounts import SCOPES, Tokens
from presentations.database.models import CANCELLED, ERROR
from presentations.webhooks import Webhooks
from tests.support.browser import say_nothing_in_both_themes
from tests.support.maker import Maker
from tests.support.presentations import organise


@pytest.mark.parametrize("javascript", [True, False])
def test_signing_out_and_in_again_with_a_password(
    open_page: Callable[..., Page], maker: Maker, javascript: bool
) -> None:
    maker.ask("Volcanoes")
    page = open_page(java_script_enabled=javascript, viewport={"width": 360, "height": 720})
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_label("New password, of at least").fill("correct horse")
    page.get_by_label("The new one again").fill("correct horse")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("E-mail").fill("rosa@school.example")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Volcanoes")


def test_everything_works_without_javascript(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 360, "height": 720})
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.locator("#ask").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Volcanoes")
    page.get_by_role("button", name="Cancel “Volcanoes”").click()
    page.get_by_text("Cancelled (1)").click()
    page.get_by_role("button", name="Make it after all").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Volcanoes")
    (row,) = maker.library.list("teacher").items
    maker.finish(row.id)
    page.reload()
    page.get_by_role("link", name="Move “Volcanoes”").click()
    page.get_by_label("Subject", exact=True).fill("Geography")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_label("Title").fill("Mountains of fire")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="All presentations").click()
    expect(page.get_by_role("region", name="Geography")).to_contain_text("Mountains of fire")
    page.get_by_label("Select “Mountains of fire”").check()
    page.get_by_role("form", name="What is selected").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Geography")).to_contain_text("Mountains of fire")


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_sticks_out_of_a_narrow_screen(open_page: Callable[..., Page], maker: Maker, width: int) -> None:
    endless = "x" * 500
    maker.ask(endless)
    maker.ask(endless, status=ERROR, error=endless)
    for topic in (endless, "مقدمة في علم الأحياء"):
        done = maker.ask(topic)
        maker.finish(done)
        organise(maker.library, "teacher", done, endless[:80])
    page = open_page(viewport={"width": width, "height": 600})
    expect(page.get_by_role("region")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    right_to_left = page.get_by_role("heading", name="مقدمة في علم الأحياء")
    assert right_to_left.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_keyboard_reaches_everything(open_page: Callable[..., Page], maker: Maker) -> None:
    maker.ask("Waits")
    maker.ask("Broke", status=ERROR)
    maker.finish(maker.ask("Done"))
    maker.ask("Not needed", status=CANCELLED)
    page = open_page()
    reached: list[str] = []
    while (name := page.evaluate(PRESS_TAB)) or not reached:
        page.keyboard.press("Tab")
        reached.append(name)
    expected = ["Skip to the content", "q", "+ New presentation", "Cancel “Waits”", "Try again “Broke”"]
    expected += ["Delete “Broke”", "ids", "Open “Done”", "Move “Done”", "Cancelled (1)"]
    assert [name for name in reached if name in expected] == expected


PRESS_TAB = """() => {
  const at = document.activeElement;
  return at === document.body ? "" : at.name || at.textContent.trim();
}"""


def test_axe_finds_nothing_to_say(open_page: Callable[..., Page], maker: Maker, address: str) -> None:
    page = open_page()
    say_nothing_in_both_themes(page)  # the empty library, with its form
    maker.start(maker.ask("Runs"), done=2)
    failed = maker.ask("Broke", status=ERROR, error="It was too much.", error_detail="HTTP 500")
    done = maker.ask("Done")
    maker.finish(done)
    organise(maker.library, "teacher", done, "Biology")
    maker.ask("Not needed", status=CANCELLED)
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook_id = webhooks.subscribe("teacher", "http://127.0.0.1:9/").webhook.id
    maker.library.cancel("teacher", maker.ask("Told"))
    Tokens(maker.database).make("teacher", "laptop", SCOPES)
    paths = ["", "new", "keys", "account", f"account/webhooks/{webhook_id}"]
    paths += ["search?q=o", "search?q=none", "shelf?subject=Biology"]
    for path in [*paths, f"presentations/{done}", f"presentations/{failed}", f"presentations/{failed}/edit"]:
        page.goto(address + path)
        say_nothing_in_both_themes(page)
    page.goto(address)
    for menu in ("Move “Done”", "More about “Done”"):
        page.get_by_role("link", name=menu).click()
        say_nothing_in_both_themes(page)
        page.keyboard.press("Escape")
    page.get_by_label("Select “Done”").check()
    say_nothing_in_both_themes(page)
