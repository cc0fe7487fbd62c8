"""An outline edited in a real Chromium: by keyboard, by dragging, on a phone, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func

from presentations.database.models import Presentation
from presentations.library import Outlines
from tests.support.browser import say_nothing
from tests.support.maker import Maker
from tests.support.presentations import outlined


def opened(page: Page, address: str, one: Presentation) -> Page:
    page.goto(f"{address}presentations/{one.id}")
    expect(page.get_by_text("3 slides of at most 50")).to_be_visible()
    return page


def title(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Title of slide {number}", exact=True)


def titles(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("#outline .title").all()]


def test_a_teacher_edits_an_outline_by_keyboard_only(
    open_page: Callable[..., Page], maker: Maker, address: str
) -> None:
    one = outlined(maker.library, "teacher", "Photosynthesis")
    page, keys = open_page(), "Alt+ArrowUp"
    page.get_by_role("link", name="See the outline of “Photosynthesis”").focus()
    page.keyboard.press("Enter")
    title(page, 3).focus()
    page.keyboard.press(keys)
    expect(title(page, 2)).to_be_focused()
    expect(page.get_by_text("Now slide 2 of 3.")).to_be_visible()
    page.get_by_role("button", name="Move up slide 2").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move up slide 1")).to_be_focused()
    assert titles(page) == ["Sugar", "Light", "Leaves"]
    page.get_by_role("button", name="Add below slide 3").press("Enter")
    expect(title(page, 4)).to_be_focused()
    page.keyboard.type("Roots")
    page.keyboard.press("Enter")
    page.keyboard.type("Water\nSalt")
    page.get_by_role("button", name="Delete slide 2").press("Enter")
    expect(title(page, 2)).to_be_focused()
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("button", name="Delete slide 3").press("Enter")
    say_nothing(page)
    # What is news on the page leaves alone what is typed.
    maker.ask("Something else")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    title(page, 1).fill("Sugar and starch")
    page.reload()
    expect(page.get_by_text("What you had typed and not sent is shown.")).to_be_visible()
    assert titles(page) == ["Sugar and starch", "Light", "Roots"]
    page.get_by_role("button", name="Keep for later").press("Enter")
    expect(page.get_by_text("Your outline is kept")).to_be_visible()
    title(page, 2).fill("")
    page.get_by_label("Points of slide 2").fill("")
    page.get_by_role("button", name="Make it").press("Enter")
    expect(title(page, 2)).to_have_accessible_description("Please write something here.")
    title(page, 2).press("Backspace")
    page.get_by_role("button", name="Make it").press("Enter")
    expect(page.get_by_text("It will be made from your outline")).to_be_visible()
    expect(page.locator("#outline, #typed")).to_have_count(0)
    made = maker.library.whole("teacher", one.id)
    assert made.outline == ["# Sugar and starch\n\n- Sweet", "# Roots\n\n- Water\n- Salt"]


def test_all_that_was_deleted_is_undone_one_by_one(open_page: Callable[..., Page], maker: Maker, address: str) -> None:
    one = outlined(maker.library, "teacher", "Photosynthesis")
    page = opened(open_page(viewport={"width": 390, "height": 500}), address, one)
    before = titles(page)
    for _ in range(3):
        page.get_by_role("button", name="Delete slide 1").click()
        expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
    assert titles(page) == [""]
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is back.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert titles(page) == before


def test_a_slide_is_dragged_and_others_news_never_loses_what_is_typed(
    open_page: Callable[..., Page], maker: Maker, address: str
) -> None:
    one = outlined(maker.library, "teacher", "Photosynthesis")
    page = opened(open_page(), address, one)
    page.locator("#outline .grip").nth(2).drag_to(title(page, 1), target_position={"x": 20, "y": 2})
    expect(page.get_by_text("Now slide 1 of 3.")).to_be_visible()
    assert titles(page) == ["Sugar", "Light", "Leaves"]
    title(page, 1).fill("Mine")
    # Another window keeps its own, and this one is told when it answers.
    Outlines(maker.library).revise("teacher", one.id, ["# Theirs"])
    page.get_by_role("button", name="Keep for later").click()
    expect(page.get_by_text("changed in another window")).to_be_visible()
    assert titles(page) == ["Mine", "Light", "Leaves"]
    title(page, 1).fill("Still mine")
    Outlines(maker.library).accept("teacher", one.id)
    page.reload()
    typed = page.get_by_role("region", name="What you had typed")
    expect(typed).to_contain_text("Still mine")
    say_nothing(page)
    page.get_by_role("button", name="Throw it away").click()
    expect(typed).to_have_count(0)
    assert maker.library.whole("teacher", one.id).outline == ["# Theirs"]


def test_it_is_told_when_an_outline_waits(open_page: Callable[..., Page], maker: Maker) -> None:
    asked = maker.ask("Older")
    maker.start(asked, done=0)
    page = open_page()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Older")
    proposed = {"outline": ["# A"], "outlined_at": func.now(), "awaits_teacher_since": func.now()}
    maker.write(asked, status="pending", lease_owner=None, **proposed)
    expect(page.get_by_role("link", name="1 outline waits for you")).to_be_visible()
    expect(page).to_have_title("Its outline waits for you: “\u2068Older\u2069”")


def test_on_a_phone_without_javascript_each_button_keeps_what_is_typed(
    open_page: Callable[..., Page], maker: Maker, address: str
) -> None:
    one = outlined(maker.library, "teacher", "Photosynthesis")
    page = opened(open_page(java_script_enabled=False, viewport={"width": 320, "height": 700}), address, one)
    title(page, 2).fill("Green leaves")
    page.get_by_role("button", name="Move up slide 2").click()
    expect(title(page, 1)).to_have_value("Green leaves")
    expect(page.get_by_role("button", name="Move up slide 1")).to_be_focused()
    page.get_by_role("button", name="Delete slide 3").click()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("It will be made from your outline")).to_be_visible()
    made = maker.library.whole("teacher", one.id)
    assert made.outline == ["# Green leaves\n\n- Green", "# Light\n\n- Red is slow\n- Blue is fast"]


def test_on_a_phone_nothing_is_wider_than_it(open_page: Callable[..., Page], maker: Maker, address: str) -> None:
    one = outlined(maker.library, "teacher", "Photosynthesis", ["# " + "Wide" * 60, "# Leaves", "# Sugar"])
    page = opened(open_page(viewport={"width": 320, "height": 700}, color_scheme="dark"), address, one)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    say_nothing(page)
