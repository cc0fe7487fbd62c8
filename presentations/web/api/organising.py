"""Many presentations at once, and undoing that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from presentations.web import undone
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
    return {"count": change.count, "subject": change.name, "undo": url_for(".undo", undo_id=change.undo_id)}


@api.post("/undos/<uuid:undo_id>")
@api.output(schemas.Undone)
@api.doc(tags=["Presentations"], operation_id="undo")
def undo(undo_id: UUID) -> dict[str, Any]:
    """Undo a move or a deletion

    Once, and within ten minutes. What has changed since stays as it is, and is named in `left`; `message` says all of
    it in words.
    """
    done = organiser().undo(acting(), undo_id)
    left = [{"presentation": part.id, "name": part.name or None, "why": part.what.value} for part in done.left]
    return {"count": done.count, "left": left, "message": undone.said(done)}
