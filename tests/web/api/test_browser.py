"""The browsable description of the API in a real Chromium, under its own strict policy."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_call_is_tried_out_by_who_is_signed_in(open_page: Callable[..., Page], address: str) -> None:
    page = open_page()
    page.goto(f"{address}api/docs")
    expect(page.get_by_role("heading", name="Lectern")).to_be_visible()
    call = page.locator("#operations-Subjects-createSubject")
    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.locator("textarea").fill('{"name": "Botany"}')
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table .response-col_status").last).to_contain_text("201")
