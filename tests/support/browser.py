"""A real Chromium in front of the real pages."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright
from werkzeug.serving import make_server

from presentations.accounts import Accounts
from presentations.local import Backends
from presentations.settings import Settings
from presentations.web import create_app
from tests.support.waiting import PATIENCE

# The shell first: it draws the same pages with no windows around them, and a new context takes it a fifth of the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LONG = PATIENCE * 1000  # milliseconds


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """A Chromium, with switches of its own."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, *switches])
        except Error as error:
            if CHROMIUM or os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium is installed: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def heed(page: Page, said: list[str]) -> None:
    """Note what the page complains about on its console."""

    def hear(message: ConsoleMessage) -> None:
        is_refused = re.search("the server responded with a status of (404|409|422|429|502)", message.text)
        if message.type in ("error", "warning") and not is_refused:
            said.append(message.text)

    page.set_default_timeout(LONG)
    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))


@pytest.fixture
def address(settings: Settings, backends: Backends) -> Iterator[str]:
    """Where the web is served."""
    app: Any = create_app(settings, backends)

    def served(*request: Any) -> Iterator[bytes]:
        # Of an answer that the browser breaks off, Werkzeug's server may leave the file open, which is a warning later.
        with closing(app(*request)) as answer:
            yield from answer

    server = make_server("127.0.0.1", 0, served, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
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

    def open_page(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        heed(page, said)
        sign_in(page)
        return page

    expect.set_options(LONG)
    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def say_nothing(page: Page, *rules: str) -> None:
    """axe finds nothing, whatever it looks for or by these of its rules."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})})
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


def say_nothing_in_both_themes(page: Page) -> None:
    """axe finds nothing: what does not depend on colours, it is asked for once."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colours change at once
    say_nothing(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    say_nothing(page)
