"""What is news since: for agents that ask now and then."""

from __future__ import annotations

from typing import Any

from presentations.database.models import CANCELLED, COMPLETE, ERROR, PENDING, Presentation
from presentations.library import news_after, news_at
from presentations.web.api import schemas
from presentations.web.api.answers import all_told
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.current import database
from presentations.webhooks import CANCELLED_EVENT, COMPLETED_EVENT, FAILED_EVENT, OUTLINED_EVENT

_NAMES = {
    PENDING: OUTLINED_EVENT,
    COMPLETE: COMPLETED_EVENT,
    ERROR: FAILED_EVENT,
    CANCELLED: CANCELLED_EVENT,
}


@api.get("/events")
@api.input(schemas.Since, location="query")
@api.output(schemas.Events)
@api.doc(tags=["Events"], operation_id="listEvents")
def list_events(query_data: dict[str, Any]) -> dict[str, Any]:
    """See what has ended since, and which outlines wait

    Oldest first. Send `next` as `after` the next time, and nothing is told twice or left out. A presentation that was
    asked for again is told of when it has ended again; an outline, for as long as it waits for its owner's word.
    """
    found = news_after(database(), acting(), **query_data)
    items = [_event(*both) for both in zip(found.presentations, all_told(found.presentations), strict=True)]
    return {"items": items, "next": found.next, "has_more": found.has_more}


def _event(presentation: Presentation, told: dict[str, Any]) -> dict[str, Any]:
    time = news_at(presentation).isoformat()
    return {"event": _NAMES[presentation.status], "time": time, "presentation": told}
