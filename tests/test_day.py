"""A teacher's whole day, in a real Chromium, with a real worker and Presenton's stand-in behind the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from presentations.demo.server import DemoPresenton
from tests.support.processes import Process
from tests.support.waiting import eventually

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoPresenton]:
    """A Presenton that can be watched at work."""
    with DemoPresenton(tmp_path / "demo", seconds_per_slide=0.25) as demo:
        yield demo


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """With time to spare for a file that is held while she watches: one that is given up comes minutes later."""
    return environment | {"PRESENTON_READ_TIMEOUT": "90"}


class Rosa:
    """A teacher at her page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def section(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def card(self, title: str) -> Locator:
        return self.page.get_by_role("article").filter(has_text=title)

    def asks(self, topic: str, slides: int = 14) -> None:
        if not self.page.get_by_label("What should it be about?").count():
            self.page.get_by_role("link", name="+ New").click()
        self.page.get_by_label("What should it be about?").fill(topic)
        self.page.get_by_label("Slides", exact=True).fill(str(slides))
        self.page.locator("#ask").click()
        expect(self.section("In progress")).to_contain_text(topic)

    def moves_by_menu(self, title: str, subject: str) -> None:
        self.page.get_by_role("link", name=f"Move “{title}”").click()
        self.page.get_by_label("A new subject").fill(subject)
        self.page.get_by_label("A new subject").press("Enter")
        expect(self.section(subject)).to_contain_text(title)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_whole_day(
    open_page: Callable[..., Page],
    start_worker: Callable[..., Process],
    demo: DemoPresenton,
    address: str,
    viewport: dict[str, int],
) -> None:
    start_worker()
    is_phone = viewport is PHONE
    rosa = Rosa(open_page(viewport=viewport, has_touch=is_phone, accept_downloads=True))
    page = rosa.page

    # She asks for three, and watches.
    demo.hold("export")
    for topic in ("Volcanoes", "Cells", "Leaves"):
        rosa.asks(topic)
    bar = rosa.card("Volcanoes").get_by_role("progressbar")
    expect(bar).to_have_attribute("value", re.compile(r"^\d+$"))
    seen = int(bar.get_attribute("value") or 0)
    demo.let_all_go()
    # A page that is looked at by a busy machine may miss the rest, and show that it is done.
    eventually(lambda: bar.evaluate_all("bars => bars.map(bar => bar.value)") != [seen])

    # She is told, opens one and downloads another.
    expect(page).to_have_title(re.compile("Ready"))
    expect(rosa.section("Unorganized").get_by_role("article")).to_have_count(3)
    page.get_by_role("link", name="Open “Volcanoes”").click()
    expect(page.get_by_role("heading", level=1, name="Volcanoes")).to_be_visible()
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download “Cells”").click()
    assert download.value.suggested_filename == "Cells.pptx"

    # She files them: by menu, by drag or from the page of one, and by keyboard; and takes the last one back.
    rosa.moves_by_menu("Cells", "Biology")
    if is_phone:
        rosa.moves_by_menu("Leaves", "Biology")
    else:
        rosa.card("Leaves").drag_to(page.locator("#contents [data-subject=Biology]"))
    expect(rosa.section("Biology").get_by_role("article")).to_have_count(2)
    rosa.card("Volcanoes").focus()
    page.keyboard.press("m")
    page.get_by_label("A new subject").fill("Geography")
    page.keyboard.press("Enter")
    expect(rosa.section("Geography")).to_contain_text("Volcanoes")
    page.get_by_role("button", name="Undo").last.click()
    expect(rosa.section("Unorganized")).to_contain_text("Volcanoes")

    # She finds one, and gives its subject another name.
    page.get_by_label("Search your presentations").fill("cel")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto(f"{address}shelf?subject=Biology")
    page.get_by_text("Rename or delete this subject").click()
    page.get_by_label("Another name").fill("Life")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Life")).to_be_visible()
    page.get_by_role("link", name="Lectern").first.click()
    expect(rosa.section("Life").get_by_role("article")).to_have_count(2)

    # One goes wrong, and is tried again; another one is not needed any more.
    demo.faults.add("status", path="/generate", status=422, times=1)
    page.get_by_role("link", name="+ New").click()
    page.get_by_label("What should it be about?").fill("Glaciers")
    page.locator("#ask").click()
    expect(rosa.section("Needs attention")).to_contain_text("Glaciers")
    page.get_by_role("button", name="Try again “Glaciers”").click()
    expect(rosa.section("In progress")).to_contain_text("Glaciers")
    rosa.asks("Deserts", slides=40)
    page.get_by_role("button", name="Cancel “Deserts”").click()
    expect(page.get_by_text("Cancelled (1)")).to_be_visible()
    expect(rosa.section("Unorganized")).to_contain_text("Glaciers")

    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(f"{address}sign-in")
    page.goto(address)
    expect(page).to_have_url(f"{address}sign-in")


@pytest.mark.timeout(120)
def test_the_whole_day_without_javascript(
    open_page: Callable[..., Page], start_worker: Callable[..., Process], demo: DemoPresenton, address: str
) -> None:
    start_worker()
    rosa = Rosa(open_page(java_script_enabled=False, viewport=PHONE, accept_downloads=True))
    page = rosa.page

    # She asks, and looks again until it is made.
    rosa.asks("Volcanoes", slides=8)
    until(page, lambda: rosa.card("Volcanoes").get_by_role("progressbar").count())
    rosa.asks("Cells", slides=1)
    until(page, lambda: rosa.section("Unorganized").get_by_role("article").count() == 2)

    # From the page of one she opens it, downloads it and files it; and takes that back.
    page.get_by_role("link", name="More about “Volcanoes”").click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("link", name="Edit in Presenton in a new tab").click()
    expect(opened.value.locator("body")).to_contain_text("Volcanoes")
    opened.value.close()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PowerPoint").click()
    assert download.value.suggested_filename == "Volcanoes.pptx"
    page.get_by_label("Subject", exact=True).fill("Geography")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Unorganized")
    page.get_by_label("Subject", exact=True).fill("Geography")
    page.get_by_role("button", name="Move", exact=True).click()

    # She finds it, and gives its subject another name.
    page.get_by_label("Search your presentations").fill("volc")
    page.get_by_label("Search your presentations").press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto(f"{address}shelf?subject=Geography")
    page.get_by_text("Rename or delete this subject").click()
    page.get_by_label("Another name").fill("The Earth")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="The Earth")).to_be_visible()

    # One goes wrong, and is tried again; another one is not needed any more.
    demo.faults.add("status", path="/generate", status=422, times=1)
    page.goto(f"{address}new")
    page.get_by_label("What should it be about?").fill("Glaciers")
    page.locator("#ask").click()
    expect(page).to_have_url(address)  # who reloads before that is in the way of it
    until(page, lambda: page.get_by_role("button", name="Try again “Glaciers”").count())
    page.get_by_role("button", name="Try again “Glaciers”").click()
    rosa.asks("Deserts", slides=40)
    page.get_by_role("button", name="Cancel “Deserts”").click()
    expect(page.get_by_text("Cancelled (1)")).to_be_visible()
    until(page, lambda: rosa.section("Unorganized").get_by_role("article").filter(has_text="Glaciers").count())
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(f"{address}sign-in")


def until(page: Page, is_so: Callable[[], object]) -> None:
    """Look at the page again and again, as somebody without JavaScript does."""

    def look() -> object:
        page.reload()
        return is_so()

    eventually(look)
