"""The pages where it is not a fine day: refusals, odd screens, bad networks, the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from presentations.accounts import Accounts
from presentations.database.models import CANCELLED, ERROR
from presentations.errors import Unavailable
from presentations.web.pages import pages
from tests.support.browser import say_nothing_in_both_themes
from tests.support.maker import Maker
from tests.support.presentations import organise
from tests.support.signing import hidden
from tests.support.waiting import eventually

OpenPage = Callable[..., Page]
LONG_WORD = "Donaudampfschifffahrt" * 14
RTL = "النباتات والضوء في الصف السابع"


def fill(maker: Maker, subjects: int) -> str:
    """A library with all there can be in it; the path of one presentation's page."""
    maker.start(maker.ask("Runs"), done=2)
    maker.ask("Waits")
    maker.ask(LONG_WORD, status=ERROR, error="It was too much.", error_detail="HTTP 500 " + "x" * 400)
    maker.ask("Not needed", status=CANCELLED)
    for topic in (LONG_WORD, RTL, "Cells"):
        maker.finish(maker.ask(topic))
    for number in range(subjects):
        last = maker.ask(f"Chapter {number}", version=1)
        maker.finish(last)
        organise(maker.library, "teacher", last, LONG_WORD[:80] if number == 7 else f"Subject {number}")
    return f"presentations/{last}"


def show(page: Page, answer: APIResponse) -> None:
    """Show an answer that a browser gets to no link."""
    shown = answer.url.split("?")[0] + "?shown"
    page.route(shown, lambda route: route.fulfill(body=answer.text(), content_type="text/html"))
    page.goto(shown)
    page.unroute(shown)


def test_axe_finds_nothing_to_say_about_refusals(
    open_page: OpenPage, maker: Maker, accounts: Accounts, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    one = fill(maker, subjects=1)
    token = hidden(page.request.get(f"{address}new").text(), "csrf_token")
    refused = page.request.post(f"{address}presentations", form={"csrf_token": token, "topic": "", "n_slides": "99"})
    assert refused.status == 422
    show(page, refused)
    say_nothing_in_both_themes(page)
    moved = page.request.post(f"{address}subjects", form={"csrf_token": token, "name": "x" * 99})
    assert moved.status == 422
    show(page, moved)
    say_nothing_in_both_themes(page)
    for path, status in (("admin/rq/", 403), ("nothing", 404), (f"{one}/file", 404)):
        answer = page.request.get(address + path)
        assert answer.status == status
        show(page, answer)
        say_nothing_in_both_themes(page)
    large = page.request.post(f"{address}presentations", form={"topic": "x" * 1024 * 1024})
    assert large.status == 413
    show(page, large)
    say_nothing_in_both_themes(page)
    for error, status in ((RuntimeError(), 500), (Unavailable("The database is away."), 503)):

        def broken(*_: Any, error: Exception = error) -> str:
            raise error

        monkeypatch.setattr(pages, "render_template", broken)
        answer = page.request.get(f"{address}keys")
        assert answer.status == status
        show(page, answer)
        say_nothing_in_both_themes(page)
    monkeypatch.undo()
    page.context.clear_cookies()
    link = f"{address}sign-in/{accounts.make_link('teacher')}"
    page.request.get(link)
    page.context.clear_cookies()
    for path in (link, f"{address}sign-in"):
        page.goto(path)
        say_nothing_in_both_themes(page)
    for _ in range(10):
        page.request.post(
            f"{address}sign-in",
            form={"csrf_token": hidden(page.request.get(f"{address}sign-in").text(), "csrf_token"), "email": "x@y.z"},
        )
    page.get_by_label("E-mail").fill("x@y.z")
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    say_nothing_in_both_themes(page)


def test_nothing_is_wider_than_the_screen(open_page: OpenPage, maker: Maker, address: str) -> None:
    one = fill(maker, subjects=40)
    page = open_page()
    for path in ("", "shelf?subject=Subject+3", "search?q=a", "new", one, "account", "keys"):
        page.goto(address + path)
        for width in (320, 360, 640, 768, 1100, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    page.goto(address)
    for width in (900, 1100, 1280, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        acts = page.locator(".card .acts:has([download])")
        heights = acts.evaluate_all("all => all.map((acts) => acts.getBoundingClientRect().height)")
        assert max(heights) < 55, width  # of one line
    expect(page.locator("#contents").get_by_role("link", name="Subject 39")).to_be_attached()
    page.locator("#contents").get_by_role("link", name="Subject 39").click()
    expect(page.get_by_role("region", name="Subject 39")).to_be_in_viewport()


def test_forced_colours_and_paper(open_page: OpenPage, maker: Maker) -> None:
    fill(maker, subjects=1)
    page = open_page(forced_colors="active")
    bar = page.get_by_role("progressbar").first
    assert bar.evaluate("bar => getComputedStyle(bar).forcedColorAdjust") == "none"
    button = page.get_by_role("button", name="Cancel “Waits”")
    assert button.evaluate("button => getComputedStyle(button).borderTopWidth") != "0px"
    page.emulate_media(media="print", forced_colors="none")
    expect(page.get_by_role("heading", name="Cells")).to_be_visible()
    for control in (button, page.get_by_role("search"), page.get_by_role("link", name="Move “Cells”")):
        expect(control).to_be_hidden()


def test_a_bad_network_loses_nothing_and_is_said(open_page: OpenPage, maker: Maker, address: str) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    is_down = [True]
    page.get_by_text("+ New subject").click()
    name = page.get_by_label("Name of the new subject")
    name.press_sequentially("Bio")

    def network(route: Route) -> None:
        route.fulfill(status=502, body="Bad gateway") if is_down[0] else route.continue_()

    page.route(address, network)
    expect(page.get_by_text("Lectern does not answer just now.")).to_be_visible()
    maker.finish(row)
    is_down[0] = False
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Volcanoes")
    expect(page.get_by_text("Lectern does not answer just now.")).to_be_hidden()
    expect(name).to_have_value("Bio")
    expect(name).to_be_focused()


def test_looks_rest_while_the_page_is_hidden(open_page: OpenPage, maker: Maker, address: str) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url) if request.url == address else None)
    with page.expect_request(address):
        pass
    page.evaluate(HIDE, True)
    page.clock.install()
    looks.clear()
    page.clock.fast_forward(60_000)
    assert looks == []
    maker.finish(row)
    page.evaluate(HIDE, False)
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Volcanoes")


HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_system_tells_when_it_may_and_nobody_looks(open_page: OpenPage, maker: Maker) -> None:
    row = maker.ask("Volcanoes")
    page = open_page()
    page.evaluate(
        """() => {
          window.told = [];
          window.Notification = class { static permission = "granted"; constructor(_, { body }) { told.push(body); } };
          document.hasFocus = () => false;
        }"""
    )
    maker.finish(row)
    eventually(lambda: page.evaluate("window.told"))
    assert page.evaluate("window.told") == ["Ready: “\u2068Volcanoes\u2069”"]


def test_with_the_keyboard_alone_it_is_always_seen_where_one_is(
    open_page: OpenPage, maker: Maker, address: str
) -> None:
    one = fill(maker, subjects=2)
    page = open_page(viewport={"width": 1100, "height": 700})
    for path in ("", "new", one, "shelf?subject=Subject+0", "account"):
        page.goto(address + path)
        for step in range(60):
            page.keyboard.press("Tab")
            seen = page.evaluate(FOCUSED)
            if seen is None:
                break
            assert seen["isMarked"], (path, step, seen)
            assert seen["isInView"], (path, step, seen)


FOCUSED = """() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const marked = [at, at.closest("label")].filter(Boolean).map((one) => getComputedStyle(one));
  const { top, bottom } = at.getBoundingClientRect();
  const header = at.closest(".top, .skip") ? 0 : document.querySelector(".top").getBoundingClientRect().bottom;
  return {
    what: at.outerHTML.slice(0, 120),
    isMarked: marked.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0),
    isInView: bottom > header && top < innerHeight,
  };
}"""
