"""Many presentations at once."""

from __future__ import annotations

from typing import Any

from presentations.web.api import schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.current import organiser


@api.post("/presentations/move")
@api.input(schemas.Move)
@api.output(schemas.Moved)
@api.doc(tags=["Presentations"], operation_id="movePresentations")
def move_presentations(json_data: dict[str, Any]) -> dict[str, Any]:
    """File many presentations under a subject

    All of them or, when one of them is not there, none.
    """
    change = organiser().move(acting(), json_data["ids"], json_data["subject"])
    return {"count": change.count, "subject": change.name}
