"""The form that asks for a presentation, in a browser: its ways in, files, what becomes of it, and the draft."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from presentations.accounts import Accounts
from presentations.database import Database
from presentations.database.models import OfferedTemplates
from presentations.library import Uploads
from tests.support.browser import say_nothing
from tests.support.maker import Maker
from tests.support.waiting import eventually

# Drops files on the page as a file manager does: each a name and what is in it.
DROP = """files => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    document.getElementById("main").dispatchEvent(event);
  }
}"""
PASTE = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def templates(database: Database) -> None:
    """What Presenton offers."""
    listed = [{"id": name, "name": name.title()} for name in ("general", "modern", "swift")]
    with database.begin() as session:
        session.execute(insert(OfferedTemplates).values(listed=listed, has_outlines=True))


def unfold(page: Page, name: str) -> None:
    page.locator("summary").filter(has_text=name).click()


def ask(page: Page) -> None:
    page.locator("#ask").click()
    said = re.compile("It will be made|An outline will be proposed")
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


@pytest.mark.usefixtures("templates")
def test_from_a_topic(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page()
    page.get_by_label("What should it be about?").fill("Volcanoes")
    expect(page.get_by_label("Your text")).to_be_hidden()
    expect(page.get_by_role("link", name="Several at once")).to_be_visible()
    unfold(page, "For whom")
    page.get_by_label("Grade or age").fill("Grade 9")
    page.get_by_label("Minutes of the lesson").fill("45")
    expect(page.get_by_label("Slides", exact=True)).to_have_value("15")
    expect(page.locator("#ask")).to_have_text("Make 15 slides")
    expect(page.get_by_role("button", name="Take")).to_be_hidden()
    page.get_by_label("Slides", exact=True).fill("9")
    page.get_by_label("Minutes of the lesson").fill("30")
    expect(page.get_by_text("About 10 slides for 30 minutes.")).to_be_visible()
    expect(page.get_by_label("Slides", exact=True)).to_have_value("9")
    page.get_by_role("button", name="Take 10").click()
    unfold(page, "What the generator is told")
    expect(page.get_by_text("For whom it is: Grade 9.")).to_be_visible()
    unfold(page, "How it looks")
    page.get_by_role("radio", name="As it comes").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_label("Language", exact=True).fill("Deutsch")
    expect(page.locator("#look .chosen")).to_have_text("Modern · Deutsch")
    page.get_by_label("Outline first").check()
    expect(page.locator("#ask")).to_have_text("Propose an outline")
    say_nothing(page)
    ask(page)
    (asked,) = maker.library.list("teacher").items
    assert (asked.topic, asked.n_slides, asked.grade, asked.minutes) == ("Volcanoes", 10, "Grade 9", 30)
    assert (asked.template, asked.language, asked.outline_first) == ("modern", "Deutsch", True)


def test_from_files_of_which_one_is_bad(
    open_page: Callable[..., Page], maker: Maker, uploads: Uploads, accounts: Accounts
) -> None:
    page = open_page(viewport={"width": 360, "height": 720})
    page.evaluate(DROP, [["chapter.txt", "one"], ["bad.txt", "two\0"], ["sheet.md", "# three"]])
    expect(page.get_by_role("listitem").filter(has_text="chapter.txt")).to_contain_text("Bytes")
    expect(page.get_by_role("alert")).to_contain_text("bad.txt")
    expect(page.get_by_role("listitem").filter(has_text="sheet.md")).to_contain_text("Bytes")
    page.evaluate(PASTE, ["pasted.txt", "four"])
    page.get_by_label("Choose files").set_input_files({"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(page.get_by_role("listitem").filter(has_text="Bytes")).to_have_count(5)
    page.evaluate(DROP, [["a.txt", "a"], ["over.txt", "b"]])
    expect(page.get_by_text("At most 5 files are taken: “\u2068over.txt\u2069” was left out.")).to_be_visible()
    for name in ("bad.txt", "x.txt", "a.txt", "pasted.txt"):
        page.get_by_role("button", name=f"Remove {name}").click()
    expect(page.get_by_role("listitem")).to_have_count(2)
    say_nothing(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    ask(page)
    (asked,) = maker.library.list("teacher").items
    assert asked.topic == "chapter"
    assert [one.name for one in uploads.of("teacher", asked.id)] == ["chapter.txt", "sheet.md"]
    assert accounts.draft("teacher") is None


def test_a_text_keeps_its_wording(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page()
    page.locator(".ways").get_by_text("My material").click()
    page.get_by_label("Outline first").check()
    page.get_by_label("Your text").fill("Cells\nAll life is made of them.\n\nLeaves are green.")
    expect(page.get_by_text("50 of 50,000 characters")).to_be_visible()
    page.get_by_label("Keep my wording").check()
    expect(page.get_by_label("Outline first")).not_to_be_checked()
    expect(page.locator("#cuts li")).to_have_text(["Cells All life is made of them.", "Leaves are green."])
    expect(page.locator("#ask")).to_have_text("Make 2 slides")
    ask(page)
    (asked,) = maker.library.list("teacher").items
    assert (asked.topic, asked.n_slides, asked.keep_wording) == ("Cells", 2, True)


def test_what_is_typed_survives_a_reload_until_it_is_started_over(
    open_page: Callable[..., Page], address: str, accounts: Accounts
) -> None:
    page = open_page()
    page.goto(f"{address}new")
    page.route("**/new/draft", lambda route: route.abort())
    page.evaluate("navigator.sendBeacon = () => false")
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.reload()  # the server does not have it, this browser has
    expect(page.get_by_label("What should it be about?")).to_have_value("Volcanoes")
    page.unroute("**/new/draft")
    page.locator(".ways").get_by_text("My material").click()
    page.get_by_label("Your text").fill("Lava is hot.")
    eventually(lambda: (accounts.draft("teacher") or {}).get("text") == "Lava is hot.")
    page.wait_for_function("localStorage.length === 0")
    page.reload()
    expect(page.get_by_text("What you had typed and not sent is filled in.")).to_be_visible()
    expect(page.get_by_label("Your text")).to_have_value("Lava is hot.")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_label("What should it be about?")).to_have_value("")
    expect(page.get_by_text("What you had typed")).to_be_hidden()
    page.goto(f"{address}new?subject=Art")
    page.get_by_label("What should it be about?").fill("Collages")
    page.reload()  # kept as long as its tab
    expect(page.get_by_label("What should it be about?")).to_have_value("Collages")
    assert accounts.draft("teacher") is None


def test_a_shared_screen_keeps_nothing_after_signing_out(open_page: Callable[..., Page], address: str) -> None:
    page = open_page()
    page.goto(f"{address}new")
    page.route("**/new/draft", lambda route: route.abort())
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.wait_for_function("localStorage.length === 1")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.usefixtures("templates")
def test_it_asks_without_javascript(open_page: Callable[..., Page], address: str, maker: Maker) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 360, "height": 720})
    page.goto(f"{address}new")
    page.get_by_label("Your text").fill("Lava\n\nAsh")
    page.get_by_label("Keep my wording").check()
    unfold(page, "How it looks")
    page.get_by_role("radio", name="Swift").check()
    page.get_by_label("Outline first").check()
    page.locator("#ask").click()
    expect(page.locator("#outline_first-problem")).to_contain_text("The text is the outline already")
    page.get_by_label("Outline first").uncheck()
    page.locator("#ask").click()
    expect(page.get_by_text("It will be made")).to_be_visible()
    (asked,) = maker.library.list("teacher").items
    assert (asked.topic, asked.n_slides, asked.template) == ("Lava", 2, "swift")
