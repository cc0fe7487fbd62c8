"""The page in a real Chromium: what a teacher sees, types and clicks while presentations are made."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright
from sqlalchemy import func, update
from werkzeug.serving import make_server

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from presentations.database.models import CANCELLED, COMPLETE, ERROR, PROCESSING, Delivery, Presentation
from presentations.library import Library
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from presentations.webhooks import Webhooks

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LONG = 15_000  # milliseconds; the page looks for news every two seconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        except Error as error:
            if CHROMIUM or os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium is installed: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def address(settings: Settings, backends: Backends) -> Iterator[str]:
    """Where the web is served."""
    server = make_server("127.0.0.1", 0, create_app(settings, backends), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sign_in(address: str, accounts: Accounts) -> Callable[[Page], None]:
    """Signs Rosa in, in a page of any browser."""

    def sign_in(page: Page) -> None:
        page.goto(f"{address}sign-in/{accounts.make_link('teacher')}")
        page.wait_for_url(address)

    return sign_in


@pytest.fixture
def open_page(browser: Browser, sign_in: Callable[[Page], None]) -> Iterator[Callable[..., Page]]:
    """Opens Rosa's library in a browser of its own; nothing may complain on its console."""
    said: list[str] = []
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        is_refused = re.search("the server responded with a status of (404|422|429|502)", message.text)
        if message.type in ("error", "warning") and not is_refused:
            said.append(message.text)

    def open_page(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONG)
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(page)
        return page

    expect.set_options(LONG)
    yield open_page
    for context in contexts:
        context.close()
    assert said == []


class Maker:
    """What a worker does to the rows."""

    def __init__(self, library: Library, database: Database) -> None:
        self.library, self.database = library, database

    def ask(self, topic: str, **values: Any) -> UUID:
        presentation_id = self.library.create("teacher", topic, 8).id
        self.write(presentation_id, **values)
        return presentation_id

    def write(self, presentation_id: UUID, **values: Any) -> None:
        with self.database.begin() as session:
            row = update(Presentation).where(Presentation.id == presentation_id)
            session.execute(row.values(queued_at=None, **values))

    def start(self, presentation_id: UUID, done: int) -> None:
        doing = {"message": "Generating slides", "slides_done": done, "slides_total": 8}
        self.write(presentation_id, status=PROCESSING, lease_owner=uuid4(), started_at=func.now(), **doing)

    def finish(self, presentation_id: UUID) -> None:
        url = "/presentation?id=abc"
        self.write(
            presentation_id, status=COMPLETE, lease_owner=None, completed_at=func.now(), message=None, presenton_url=url
        )


@pytest.fixture
def maker(library: Library, database: Database) -> Maker:
    return Maker(library, database)


def test_teacher_asks_and_it_is_there_at_once(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page()
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.get_by_text("Tone, template").click()
    page.get_by_label("Tone", exact=True).select_option("Funny")
    page.get_by_role("button", name="Make it").click()
    in_progress = page.get_by_role("region", name="In progress")
    expect(in_progress).to_contain_text("Volcanoes")
    expect(in_progress).to_contain_text("Waiting: first in line")
    expect(page.get_by_role("status").filter(has_text="will be made")).to_be_visible()
    (asked,) = maker.library.list("teacher").items
    assert (asked.tone, asked.n_slides) == ("funny", 5)


def test_progress_comes_by_itself_and_half_typed_text_stays(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.evaluate("window.neverReloaded = true")
    page.get_by_text("+ New subject").click()
    name = page.get_by_label("Name of the new subject")
    name.press_sequentially("Bio")
    maker.start(row, done=3)
    expect(page.get_by_text("Writing slide 4 of 8 · started just now")).to_be_visible()
    expect(page.get_by_role("progressbar", name="3 of 8 slides done")).to_be_visible()
    expect(name).to_be_focused()
    page.keyboard.type("logy")
    expect(name).to_have_value("Biology")
    maker.finish(row)
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Volcanoes")
    expect(page.get_by_role("region", name="In progress")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="“Volcanoes” is ready.")).to_be_visible()
    expect(page).to_have_title("“Volcanoes” is ready.")
    expect(name).to_be_focused()
    assert page.evaluate("window.neverReloaded")


def test_open_menu_and_open_details_survive_news_around_them(open_page: Callable[..., Page], maker: Maker) -> None:
    running, old = maker.ask("Volcanoes"), maker.ask("Cells")
    maker.ask("Not needed", status=CANCELLED)
    maker.start(running, done=1)
    maker.finish(old)
    page = open_page()
    page.get_by_text("Cancelled (1)").click()
    page.get_by_role("link", name="Move “Cells”").click()
    subject = page.get_by_label("A new subject")
    subject.press_sequentially("Bio")
    maker.finish(running)
    expect(page.get_by_role("region", name="Unorganized").get_by_role("heading", level=3)).to_have_text(
        ["Cells", "Volcanoes"]
    )
    expect(page.get_by_role("button", name="Make it after all")).to_be_visible()
    expect(subject).to_be_focused()
    page.keyboard.type("logy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Biology")).to_contain_text("Cells")
    assert maker.library.get("teacher", old).subject == "biology"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Cells")
    assert maker.library.get("teacher", old).subject == "default"


def test_refused_subject_stays_with_its_complaint(open_page: Callable[..., Page], maker: Maker) -> None:
    maker.finish(maker.ask("Cells"))
    page = open_page()
    page.get_by_role("link", name="Move “Cells”").click()
    subject = page.get_by_label("A new subject")
    subject.evaluate("field => field.removeAttribute('maxlength')")
    subject.fill("x" * 81)
    subject.press("Enter")
    expect(page.get_by_text("Expected at most 80 characters, got 81.")).to_be_visible()
    expect(subject).to_have_value("x" * 81)


def test_several_are_ticked_with_shift_and_moved_at_once(open_page: Callable[..., Page], maker: Maker) -> None:
    for topic in ("Cells", "Genes", "Leaves"):
        maker.finish(maker.ask(topic))
    page = open_page()
    page.get_by_label("Select “Leaves”").check()
    page.get_by_label("Select “Cells”").click(modifiers=["Shift"])
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_label("Move them to the subject").fill("Biology")
    page.get_by_label("Move them to the subject").press("Enter")
    expect(page.get_by_role("region", name="Biology").get_by_role("article")).to_have_count(3)
    expect(page.get_by_text("selected")).to_be_hidden()


def test_card_is_dragged_onto_a_subject(open_page: Callable[..., Page], maker: Maker) -> None:
    cells, leaves = maker.ask("Cells"), maker.ask("Leaves")
    maker.finish(cells)
    maker.finish(leaves)
    maker.library.organise("teacher", cells, "Biology")
    page = open_page()
    page.get_by_role("article").filter(has_text="Leaves").drag_to(page.locator("#contents [data-subject=Biology]"))
    expect(page.get_by_role("region", name="Biology").get_by_role("article")).to_have_count(2)


def test_keyboard_moves_renames_searches_and_undoes(open_page: Callable[..., Page], maker: Maker) -> None:
    for topic in ("Cells", "Leaves"):
        maker.finish(maker.ask(topic))
    page = open_page()
    expect(page.get_by_role("region", name="Unorganized")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("article").filter(has_text="Leaves")).to_be_focused()
    page.keyboard.press("m")
    page.get_by_label("A new subject").fill("Biology")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Biology")).to_contain_text("Leaves")
    page.keyboard.press("u")
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Leaves")
    page.keyboard.press("/")
    page.keyboard.type("cel")
    expect(page.get_by_role("heading", name="Found for “cel”")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/search\?q=cel$"))
    page.go_back()
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("article").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="What the keyboard does")).to_be_visible()


def test_focus_follows_a_presentation_to_its_new_place(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.get_by_role("button", name="Cancel “Volcanoes”").focus()
    maker.finish(row)
    expect(page.get_by_role("article").filter(has_text="Volcanoes")).to_be_focused()


def test_forms_still_work_after_signing_in_anew_beside_them(
    open_page: Callable[..., Page], sign_in: Callable[[Page], None], maker: Maker
) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    sign_in(page.context.new_page())
    maker.start(row, done=1)
    expect(page.get_by_text("Writing slide 2 of 8")).to_be_visible()
    page.get_by_role("button", name="Cancel “Volcanoes”").click()
    expect(page.get_by_text("Cancelled (1)")).to_be_visible()


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
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail").fill("rosa@school.example")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Volcanoes")


def test_page_left_open_asks_to_sign_in_when_the_session_ends(
    open_page: Callable[..., Page], accounts: Accounts, maker: Maker
) -> None:
    maker.ask("Volcanoes")
    page = open_page()
    accounts.deactivate("teacher")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_page_in_the_background_does_not_look(open_page: Callable[..., Page], maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url) if request.url == page.url else None)
    page.clock.install()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    maker.start(row, done=1)
    page.clock.run_for(60_000)
    assert looks == []
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Writing slide 2 of 8")).to_be_visible()


def test_everything_works_without_javascript(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 360, "height": 720})
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.get_by_role("button", name="Make it").click()
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
        maker.library.organise("teacher", done, endless[:80])
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
    expected += ["Delete “Broke”", "ids", "Open “Done” in a new tab", "Move “Done”", "Cancelled (1)"]
    assert [name for name in reached if name in expected] == expected


PRESS_TAB = """() => {
  const at = document.activeElement;
  return at === document.body ? "" : at.name || at.textContent.trim();
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_say(open_page: Callable[..., Page], maker: Maker, address: str, theme: str) -> None:
    page = open_page(color_scheme=theme)
    say_nothing(page)  # the empty library, with its form
    maker.start(maker.ask("Runs"), done=2)
    failed = maker.ask("Broke", status=ERROR, error="It was too much.", error_detail="HTTP 500")
    done = maker.ask("Done")
    maker.finish(done)
    maker.library.organise("teacher", done, "Biology")
    maker.ask("Not needed", status=CANCELLED)
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook_id = webhooks.subscribe("teacher", "http://127.0.0.1:9/").webhook.id
    maker.library.cancel("teacher", maker.ask("Told"))
    Tokens(maker.database).make("teacher", "laptop", SCOPES)
    paths = ["", "new", "keys", "account", f"account/webhooks/{webhook_id}"]
    paths += ["search?q=o", "search?q=none", "shelf?subject=Biology"]
    for path in [*paths, f"presentations/{done}", f"presentations/{failed}", f"presentations/{failed}/edit"]:
        page.goto(address + path)
        say_nothing(page)
    page.goto(address)
    for menu in ("Move “Done”", "More about “Done”"):
        page.get_by_role("link", name=menu).click()
        say_nothing(page)
        page.keyboard.press("Escape")
    page.get_by_label("Select “Done”").check()
    say_nothing(page)


def say_nothing(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def test_going_back_from_an_answer_leaves_a_form_that_works(open_page: Callable[..., Page], maker: Maker) -> None:
    page = open_page()
    for topic in ("Volcanoes", "Earthquakes"):
        page.get_by_role("link", name="+ New presentation").click()
        page.get_by_label("What should it be about?").fill(topic)
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("region", name="In progress")).to_contain_text(topic)
        page.go_back()
    assert {p.topic for p in maker.library.list("teacher").items} == {"Volcanoes", "Earthquakes"}


def test_a_secret_is_shown_once_and_a_test_tells_how_it_went(
    open_page: Callable[..., Page], address: str, maker: Maker
) -> None:
    page = open_page()
    page.goto(f"{address}account")
    page.get_by_label("What it is for").fill("laptop")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_label("The secret")).to_contain_text("lectern_")
    expect(page.get_by_label("What it is for")).to_have_value("")
    page.get_by_label("Address that messages are sent to").fill("http://127.0.0.1:9/")
    page.get_by_role("button", name="Make a webhook").click()
    # Lectern is not let into its own network here.
    expect(page.get_by_text("not one on the public internet")).to_be_visible()
    expect(page.get_by_label("Address that messages are sent to")).to_be_focused()
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook = webhooks.subscribe("teacher", "http://127.0.0.1:9/").webhook
    page.reload()
    expect(page.get_by_label("The secret")).to_have_count(0)
    page.get_by_role("link", name=webhook.url).click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("on its way", exact=False).first).to_be_visible()
    with maker.database.begin() as session:
        session.execute(update(Delivery).values(status="delivered", status_code=204, duration_ms=7))
    expect(page.get_by_text("delivered · status 204 · 7 ms")).to_be_visible()
