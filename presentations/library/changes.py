"""What is written to a presentation when somebody cancels it, asks for it again, deletes or restores it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func

from presentations.database.models import CANCELLED, DELETED, PENDING, Presentation

CANCELLED_NOW: dict[str, Any] = {
    "status": CANCELLED,
    "ended_at": func.now(),
    "queued_at": None,
    "lease_owner": None,
    "lease_until": None,
    "message": None,
}

DELETED_NOW: dict[str, Any] = {
    "deleted_from": Presentation.status,
    "deleted_at": func.now(),
    "status": DELETED,
    # Asking again with its key is to make a new one.
    "idempotency_key": None,
}

RESTORED: dict[str, Any] = {"status": Presentation.deleted_from, "deleted_at": None, "deleted_from": None}

_ASKED: dict[str, Any] = {
    "status": PENDING,
    "asked_at": func.now(),
    "started_at": None,
    "ended_at": None,
    "opened_at": None,
    "message": None,
    "error": None,
    "error_detail": None,
    "claims": 0,
    "attempts": 0,
    "fault_since": None,
    "progress_at": func.now(),
}

RETRIED: dict[str, Any] = {
    **_ASKED,
    # A task taken up again gets its time anew.
    "submit_started_at": case(
        (Presentation.presenton_task_id.is_not(None), func.now()), else_=Presentation.submit_started_at
    ),
}

# What Presenton knows was made for the old order: neither its task nor a deck that never came is looked for.
EDITED: dict[str, Any] = {
    **_ASKED,
    "presenton_id": None,
    "presenton_url": None,
    "presenton_path": None,
    "presenton_task_id": None,
    "completed_at": None,
    "slides_done": None,
    "slides_total": None,
    "progress_mark": None,
    "submit_started_at": None,
    "unanswered_since": None,
}
