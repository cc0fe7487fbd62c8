"""What has ended since: for agents that ask now and then."""

from __future__ import annotations

from typing import Any

from presentations.database.models import CANCELLED, COMPLETE, ERROR, Presentation
from presentations.library import Place, ended
from presentations.web.api import schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.api.cursors import cursor, place
from presentations.web.current import database
from presentations.webhooks import CANCELLED_EVENT, COMPLETED, FAILED

_NAMES = {COMPLETE: COMPLETED, ERROR: FAILED, CANCELLED: CANCELLED_EVENT}


@api.get("/events")
@api.input(schemas.Since, location="query")
@api.output(schemas.Events)
@api.doc(tags=["Events"], operation_id="listEvents")
def list_events(query_data: dict[str, Any]) -> dict[str, Any]:
    """See what has ended since

    Oldest first. Send `next` as `after` the next time, and nothing is told twice or left out. A presentation that was
    asked for again is told of when it has ended again.
    """
    after = query_data.pop("after", None)
    found = ended(database(), acting(), after=Place(*place(after)) if after else None, **query_data)
    last = cursor(found.last.time, found.last.last_id) if found.last else None
    return {"items": [_event(one) for one in found.presentations], "next": last, "has_more": found.has_more}


def _event(presentation: Presentation) -> dict[str, Any]:
    time = presentation.ended_at.isoformat() if presentation.ended_at else None
    return {"event": _NAMES[presentation.status], "time": time, "presentation": presentation.as_dict()}
