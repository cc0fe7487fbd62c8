"""The pages for admins in a real Chromium: every one of them, and an admin's way through them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, update

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database.models import ERROR, Delivery, Webhook
from presentations.webhooks import Webhooks
from tests.support.browser import say_nothing_in_both_themes
from tests.support.maker import Maker


@pytest.fixture
def ann(open_page: Callable[..., Page], address: str, accounts: Accounts) -> Callable[..., Page]:
    """Opens a browser in which an admin is signed in."""
    accounts.add("admin", "Ann", "ann@school.example", role="admin")

    def open_hers(**options: object) -> Page:
        page = open_page(**options)
        page.goto(f"{address}sign-in/{accounts.make_link('admin')}")
        page.wait_for_url(address)
        return page

    return open_hers


@pytest.fixture
def failed(maker: Maker) -> UUID:
    """A presentation that failed, among others that wait, are being made and are made; and webhooks in trouble."""
    maker.start(maker.ask("Runs"), done=2)
    maker.finish(maker.ask("Made"))
    maker.ask("Waits")
    Tokens(maker.database).make("teacher", "laptop", SCOPES)
    webhooks = Webhooks(maker.database, allow_private=True)
    webhook = webhooks.subscribe("teacher", "http://127.0.0.1:9/").webhook
    test = webhooks.send_test("teacher", webhook.id)
    with maker.database.begin() as session:
        off = {"is_active": False, "switched_off_at": func.now(), "switched_off_why": "It failed for five days."}
        session.execute(update(Webhook).where(Webhook.id == webhook.id).values(**off))
        session.execute(update(Delivery).where(Delivery.id == test.id).values(status="failed", problem="No answer."))
    return maker.ask("Broke", status=ERROR, error="It was too much.", error_detail="HTTP 500 " + "x" * 300)


def paths(failed: UUID) -> list[str]:
    users = ["users", "users/one?id=teacher"]
    return ["", "presentations", f"presentations/{failed}", *users, "webhooks", "audit", "limits"]


def test_axe_finds_nothing_to_say(ann: Callable[..., Page], address: str, failed: UUID, maker: Maker) -> None:
    page = ann()
    for path in [*paths(failed), f"presentations/{maker.ask('Late')}"]:
        page.goto(f"{address}admin/{path}".rstrip("/"))
        for more in page.get_by_text("As a table").all():
            more.click()
        say_nothing_in_both_themes(page)


def test_nothing_is_wider_than_the_screen(ann: Callable[..., Page], address: str, failed: UUID) -> None:
    page = ann(viewport={"width": 320, "height": 640})
    for path in paths(failed):
        page.goto(f"{address}admin/{path}".rstrip("/"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_an_admin_finds_out_tries_again_and_pauses_the_line(
    ann: Callable[..., Page], address: str, failed: UUID
) -> None:
    page = ann()
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("link", name="For admins").click()
    expect(page.get_by_role("heading", level=1, name="Something needs a look")).to_be_visible()
    expect(page.get_by_text("No worker is there.")).to_be_visible()
    page.get_by_role("navigation", name="For admins").get_by_role("link", name="Presentations").click()
    page.get_by_label("Words").fill("broke")
    page.get_by_label("Words").press("Enter")
    page.get_by_role("link", name="Broke").click()
    expect(page.get_by_label("Technical detail")).to_contain_text("HTTP 500")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Why it is not done yet")).to_be_visible()
    page.get_by_role("navigation", name="For admins").get_by_role("link", name="Limits").click()
    page.get_by_label("Why, in a sentence for teachers").fill("Moving house.")
    page.get_by_role("button", name="Pause the line").click()
    expect(page.get_by_role("complementary", name="Notice")).to_contain_text("Moving house.")
    page.get_by_role("navigation", name="For admins").get_by_role("link", name="Overview").click()
    expect(page.get_by_text("The line is paused: \u2068Moving house.\u2069")).to_be_visible()
    page.get_by_role("navigation", name="For admins").get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("row").filter(has_text="paused the line")).to_contain_text("admin")
    page.get_by_role("navigation", name="For admins").get_by_role("link", name="Limits").click()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_role("complementary", name="Notice")).to_have_count(0)


def test_an_admin_adds_somebody_and_hands_over_a_link(ann: Callable[..., Page], address: str) -> None:
    page = ann()
    page.goto(f"{address}admin/users")
    page.get_by_label("Name").fill("Noor")
    page.get_by_label("E-mail").fill("rosa@school.example")
    page.get_by_label("Id, as agents").fill("noor")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Another account has it: give another one.")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Noor")
    page.get_by_label("E-mail").fill("noor@school.example")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Noor")).to_be_visible()
    page.get_by_role("button", name="Make a sign-in link").click()
    expect(page.get_by_label("The secret")).to_contain_text("/sign-in/")
