"""Nobody acts for a user whose account is deactivated: no tool, no model, and no server that is bound to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from presentations.accounts import Accounts
from presentations.agent import AsyncPresentationTool, call_tool
from presentations.errors import NotAllowed
from presentations.library import Library

Calls = dict[str, Callable[[], object]]


@pytest.fixture
def calls(own: Library) -> Calls:
    """All that a tool does for Rosa."""
    bound, service = AsyncPresentationTool("teacher"), AsyncPresentationTool()
    job_id = bound.create_presentation_async("Photosynthesis")["job_id"]
    return {
        "ask": lambda: bound.create_presentation_async("Photosynthesis"),
        "ask for her": lambda: service.create_presentation_async("Photosynthesis", "teacher"),
        "look": lambda: bound.get_job_status(job_id),
        "wait": lambda: bound.wait_for(job_id, 0),
        "list": bound.list_presentations,
        "list subjects": bound.list_subjects,
        "list her subjects": lambda: service.list_subjects("teacher"),
        "what has ended": lambda: bound.finished_since(None, "2026-01-01T00:00:00Z"),
        "what is news": lambda: bound.news_since(None, "2026-01-01T00:00:00Z"),
        "file": lambda: bound.update_subject(job_id, "Botany"),
        "cancel": lambda: bound.cancel(job_id),
        "retry": lambda: bound.retry(job_id),
    }


def test_no_call_is_carried_out(calls: Calls, own: Library, accounts: Accounts) -> None:
    accounts.deactivate("teacher")
    for name, call in calls.items():
        with pytest.raises(NotAllowed, match="is deactivated"):
            assert call() is name
    [only] = own.list("teacher").items
    assert (only.status, only.subject) == ("pending", "default")
    said = call_tool("list_presentations", {}, "teacher")
    assert said.startswith("Error: The account 'teacher' is deactivated")
    accounts.reactivate("teacher")
    for call in calls.values():
        call()


def test_a_wait_ends_when_the_account_does(own: Library, accounts: Accounts) -> None:
    tool = AsyncPresentationTool("teacher")
    job_id = tool.create_presentation_async("Photosynthesis")["job_id"]
    with pytest.raises(NotAllowed):
        tool.wait_for(job_id, 60, told=lambda _: accounts.deactivate("teacher"))
