"""A school's day with Lectern under a path: real nginx, gunicorn, worker and browser, with https."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from presentations.accounts import Accounts
from presentations.database.models import COMPLETE
from presentations.demo.server import DemoPresenton
from presentations.library import Library
from presentations.operations import Controls
from tests.support.browser import LONG, chromium, heed
from tests.support.processes import ROOT, Process
from tests.support.proxies import CONFIGURATION, NAME, changed, nginx
from tests.support.signing import EMAIL, PASSWORD
from tests.support.waiting import eventually

HERE = f"https://{NAME}/slides"
# As docs/operations.md has it.
CHANGES = {
    "send_timeout 30s;": "send_timeout 30s;\nmerge_slashes off;",
    "location / {": "location /slides/ {",
    "proxy_pass http://127.0.0.1:8000;": "rewrite ^/slides(/.*)$ $1 break;\nproxy_pass http://127.0.0.1:8000;",
    'proxy_set_header X-Forwarded-Prefix "";': "proxy_set_header X-Forwarded-Prefix /slides;",
    "location = /metrics {": "location = /slides/metrics {",
}


@pytest.fixture
def open_page(
    tmp_path: Path, start_web: Callable[..., str], start_worker: Callable[..., Process]
) -> Iterator[Callable[[], Page]]:
    """Opens pages of browsers that find the school's website; none may ask for anything outside of Lectern's path."""
    start_worker()
    web = start_web(ALLOWED_HOSTS=NAME, TRUSTED_PROXIES="1", PUBLIC_URL=HERE)
    said: list[str] = []
    asked: list[str] = []
    with nginx(changed(CONFIGURATION, CHANGES), web, tmp_path) as served:
        rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1:{served.secure}"
        with chromium(rules) as browser:

            def open_page() -> Page:
                page = browser.new_context(ignore_https_errors=True).new_page()
                heed(page, said)
                page.on("request", lambda request: asked.append(request.url))
                return page

            expect.set_options(LONG)
            yield open_page
    assert said == []
    assert [url for url in asked if not url.startswith((f"{HERE}/", "data:"))] == [HERE]


def test_the_docs_say_how() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    for line in "\n".join(CHANGES.values()).splitlines()[1:]:
        assert f"    {line}" in page


def test_a_day_of_a_teacher_and_an_admin(
    open_page: Callable[[], Page], accounts: Accounts, library: Library, demo: DemoPresenton
) -> None:
    accounts.set_password("teacher", PASSWORD)
    page = open_page()
    page.goto(HERE)
    expect(page).to_have_url(f"{HERE}/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{HERE}/")
    ask_and_watch(page, Controls(library.database, library.engine))
    organise(page)
    search_and_download(page)
    try_the_api(page)
    page.goto(f"{HERE}/account")
    page.get_by_label("What it is for").fill("laptop")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_label("The secret")).to_contain_text("lectern_")
    cookies = page.context.cookies()
    assert {cookie["path"].rstrip("/") for cookie in cookies} == {"/slides"}
    assert all(cookie["secure"] for cookie in cookies)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url(f"{HERE}/sign-in")
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    administer(open_page(), accounts)
    watch_jobs(page, accounts, library, demo)


def ask_and_watch(page: Page, controls: Controls) -> None:
    controls.pause("Not before it was seen in progress.")
    page.get_by_label("What should it be about?").fill("Volcanoes")
    page.locator("#ask").click()
    expect(page.get_by_role("region", name="In progress")).to_contain_text("Volcanoes")
    page.evaluate("window.neverReloaded = true")
    controls.resume()
    expect(page).to_have_title(re.compile("^Ready: "))
    assert page.evaluate("window.neverReloaded")
    expect(page).to_have_url(f"{HERE}/")


def organise(page: Page) -> None:
    page.get_by_text("+ New subject").click()
    page.get_by_label("Name of the new subject").fill("Fire//Ice")
    page.get_by_role("button", name="Add").click()
    subject = page.locator("#contents [data-subject='Fire//Ice']")
    page.get_by_role("article").filter(has_text="Volcanoes").drag_to(subject)
    expect(page.get_by_role("region", name="Fire//Ice")).to_contain_text("Volcanoes")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Unorganized")).to_contain_text("Volcanoes")
    page.get_by_role("link", name="More about “Volcanoes”").click()
    page.get_by_label("Rename").fill("Mountains of fire")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("article")).to_contain_text("Mountains of fire")


def search_and_download(page: Page) -> None:
    page.keyboard.press("?")
    expect(page).to_have_url(f"{HERE}/keys")
    page.keyboard.press("n")
    expect(page).to_have_url(f"{HERE}/new")
    page.goto(f"{HERE}/")
    page.keyboard.press("/")
    page.keyboard.type("fire")
    expect(page.get_by_role("heading", name="Found for “fire”")).to_be_visible()
    expect(page).to_have_url(f"{HERE}/search?q=fire")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert urlsplit(download.value.url).path.startswith("/slides/presentations/")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"


def try_the_api(page: Page) -> None:
    page.goto(f"{HERE}/api/docs")
    call = page.locator("#operations-Subjects-renameSubject")
    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_placeholder("subject").fill("Fire//Ice")
    call.locator("textarea").fill('{"name": "Fire"}')
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def administer(page: Page, accounts: Accounts) -> None:
    page.goto(f"{HERE}/sign-in/{accounts.make_link('admin')}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="For admins").click()
    at = page.get_by_role("navigation", name="For admins")
    at.get_by_role("link", name="Users").click()
    expect(at.get_by_role("link", name="Users")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Rosa Moss").click()
    page.get_by_role("button", name="Make a sign-in link").click()
    expect(page.get_by_label("The secret")).to_contain_text(f"{HERE}/sign-in/")
    at.get_by_role("link", name="Limits").click()
    page.get_by_label("Why, in a sentence for teachers").fill("Moving house.")
    page.get_by_role("button", name="Pause the line").click()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_role("button", name="Pause the line")).to_be_visible()


def watch_jobs(page: Page, accounts: Accounts, library: Library, demo: DemoPresenton) -> None:
    demo.faults.add("status", path="/generate", status=422, times=1)
    failed = library.create("teacher", "Earthquakes", 1)
    eventually(lambda: library.get(None, failed.id).status == "error")
    page.goto(f"{HERE}/sign-in/{accounts.make_link('admin')}")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{HERE}/admin/rq")
    queue = page.get_by_role("row").filter(has=page.get_by_role("cell", name="presentations", exact=True))
    page.get_by_role("link", name="Workers").click()
    expect(page.get_by_role("row").filter(has_text="presentations")).to_have_count(4)
    page.get_by_role("link", name="Queues").click()
    queue.get_by_role("cell").nth(6).get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"^{HERE}/admin/rq/0/view/jobs/presentations/failed/"))
    page.get_by_role("link", name="Requeue", exact=True).click()
    eventually(lambda: library.get(None, failed.id).status == COMPLETE)


def test_script_name_puts_the_web_under_a_path_that_the_proxy_passes_on(start_web: Callable[..., str]) -> None:
    web = start_web(SCRIPT_NAME="/slides")
    assert requests.get(f"{web}/slides/healthz", timeout=30).text == "ok\n"
    away = requests.get(f"{web}/slides/new", headers={"Script_Name": "/evil"}, allow_redirects=False, timeout=30)
    assert away.headers["Location"] == "/slides/sign-in?next=/slides/new"
    assert "; Path=/slides" in requests.get(f"{web}/slides/sign-in", timeout=30).headers["Set-Cookie"]
    for path in ("", "/", "/healthz", "/slidesnew"):
        outside = requests.get(f"{web}{path}", allow_redirects=False, timeout=30)
        assert outside.status_code == 404
        assert "Lectern stands under /slides here" in outside.text
