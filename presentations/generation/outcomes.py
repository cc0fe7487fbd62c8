"""How a presentation ends: what its teacher is told, and what its row then holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func

from presentations.database.models import COMPLETE, Presentation
from presentations.presenton import Deck

LOOKING = "Looking for it in the slide generator"
AGAIN_AND_AGAIN = "Making it failed again and again. Trying again may help."
NOT_MADE = "The slide generator could not finish it. This is not your fault; trying again usually helps."
NOT_LET_IN = "The slide generator does not let Lectern in; an administrator has to look at this."
REFUSED = "The slide generator did not accept this. Another topic or other options may help."
TOO_LONG = "It took too long and was stopped. Trying again, or with fewer slides, may help."
NO_ANSWER = "The slide generator gave no answer for a long time. Trying again later usually helps."

ENDED: dict[str, Any] = {
    "ended_at": func.now(),
    "lease_owner": None,
    "lease_until": None,
    "message": None,
    "presenton_id": None,
    "presenton_task_id": None,
    "unanswered_since": None,
    "fault_since": None,
    "progress_mark": None,
}


def completed(deck: Deck, row: Presentation) -> dict[str, Any]:
    """What is written to `row` when `deck` is what was asked for."""
    return {
        **ENDED,
        "status": COMPLETE,
        "completed_at": func.now(),
        "presenton_id": deck.id,
        "presenton_url": deck.url,
        "presenton_path": deck.path,
        "slides_done": row.slides_total or row.n_slides,
        "slides_total": row.slides_total or row.n_slides,
        "error_detail": None,
    }
