"""What presentations may look like, and what else the slide generator here can do."""

from __future__ import annotations

from typing import Any

from apiflask.fields import Boolean, List, Nested, String
from flask import Response, url_for

from presentations.library import thumbnails
from presentations.web.api.bases import Given
from presentations.web.api.blueprint import api
from presentations.web.current import database, library
from presentations.web.looks import picture_of_template

_TAGS = ["Templates"]
_BINARY: Any = {"schema": {"type": "string", "format": "binary"}}
_A_PICTURE: Any = {
    "description": "The picture.",
    "content": dict.fromkeys(("image/png", "image/jpeg", "image/webp"), _BINARY),
}


class Template(Given):
    """Something that decks are made with."""

    id = String(required=True, metadata={"description": "What to send as `template`."})
    name = String(required=True)
    description = String(required=True, metadata={"description": "Empty where Presenton says nothing of it."})
    picture_url = String(
        required=True, allow_none=True, metadata={"description": "Where a GET gives a picture; null: there is none."}
    )


class Templates(Given):
    """All templates, and what else may be asked for here."""

    items = List(Nested(Template), required=True)
    offers_outlines = Boolean(required=True, metadata={"description": "Whether `outline_first` can be asked for."})
    offers_web_search = Boolean(required=True, metadata={"description": "Whether `web_search` can be asked for."})


@api.get("/templates")
@api.output(Templates)
@api.doc(tags=_TAGS, operation_id="listTemplates")
def list_templates() -> dict[str, Any]:
    """List the templates

    As the slide generator listed them when it was last asked. Empty where it lists none, or has not been asked yet:
    then any id is taken.
    """
    pictures = thumbnails(database())
    return {
        "items": [
            {
                "id": one.id,
                "name": one.name,
                "description": one.description,
                "picture_url": url_for(".template_picture", sha256=pictures[one.id]) if one.id in pictures else None,
            }
            for one in library().templates()
        ],
        "offers_outlines": library().offers_outlines(),
        "offers_web_search": library().may_search(),
    }


@api.get("/templates/<sha256>")
@api.doc(tags=_TAGS, operation_id="getTemplatePicture", responses={200: _A_PICTURE})
def template_picture(sha256: str) -> Response:
    """See a template

    At an address that `listTemplates` gave; by this address it is always the same picture.
    """
    return picture_of_template(sha256)
