"""What differs between the releases of Presenton that the demo can play."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    has_async: bool = True
    has_auth: bool = True
    has_task_type: bool = True
    """Tasks name their type, are found under /async-tasks as well, and templates come in pages."""
    has_counters: bool = True
    has_early_id: bool = False
    has_result: bool = False
    """A completed task says where its deck is."""
    has_error_codes: bool = True
    """Errors of the blocking call keep their status, rather than all being 500."""
    has_roles: bool = True
    working_word: str = "pending"


RELEASES = {
    "latest": Release(has_early_id=True, has_result=True),
    "0.9.3": Release(),
    "0.9.0": Release(working_word="processing", has_roles=False),
    "0.8.9": Release(has_counters=False, has_task_type=False, has_result=True, has_roles=False),
    "0.5": Release(has_async=False, has_auth=False, has_task_type=False, has_error_codes=False),
}
