"""A deck that was changed elsewhere, sent back as a file."""

from __future__ import annotations

from uuid import UUID

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from presentations.files import MEDIA_TYPES
from presentations.web.api import schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.current import library
from presentations.web.files import require_made
from presentations.web.uploads import begin, keep_body, room_for_deck

TAKEN = (MEDIA_TYPES["pptx"], "application/octet-stream")


@api.put("/presentations/<uuid:presentation_id>/file")
@api.output(schemas.NewVersion, 200, "It is kept, and shown from now on.")
@api.doc(tags=["Presentations"], operation_id="putFile")
def put_file(presentation_id: UUID) -> dict[str, int]:
    """Send a changed file

    A PowerPoint file (.pptx) as the body. It is shown and downloaded from now on, as a version of its own; those before
    it stay. Words, PDF and pictures of it follow soon. The same file again is the same version.
    """
    one = library().get(acting(), presentation_id)
    require_made(one, "change")
    if (request.mimetype or TAKEN[1]) not in TAKEN:
        raise UnsupportedMediaType(f"Send a PowerPoint file, with Content-Type: {TAKEN[0]} or {TAKEN[1]}.")
    begin(acting(), room_for_deck())
    return {"number": keep_body(one)}
