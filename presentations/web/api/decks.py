"""The decks of presentations: their files, versions and slides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for

from presentations.database.models import KeptFile, Slide
from presentations.files import MEDIA_TYPES
from presentations.library import KeptVersion
from presentations.web.api import deck_schemas as schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.api.fields import MAX_VERSION
from presentations.web.current import decks
from presentations.web.files import file_of, picture_of

_TAGS = ["Presentations"]
_BINARY: Any = {"schema": {"type": "string", "format": "binary"}}
# The types of APIFlask do not know all that it takes.
_FILES: Any = dict.fromkeys(MEDIA_TYPES.values(), _BINARY)
_THE_FILE: Any = {"description": "The file.", "content": _FILES, "headers": schemas.FileHeaders}
_A_PART: Any = {"description": "The part that `Range` names.", "content": _FILES, "headers": schemas.PartHeaders}
_NOT_CHANGED: Any = {"description": "It is the one that `If-None-Match` names."}
_NO_PART: Any = {"description": "The file has no such part."}
_A_PICTURE: Any = {"description": "The picture.", "content": {"image/webp": _BINARY}}


@api.get("/presentations/<uuid:presentation_id>/file")
@api.input(schemas.WhichFile, location="query")
@api.doc(
    tags=_TAGS,
    operation_id="getFile",
    responses={200: _THE_FILE, 206: _A_PART, 304: _NOT_CHANGED, 416: _NO_PART},
)
def presentation_file(presentation_id: UUID, query_data: dict[str, Any]) -> Response:
    """Download a finished presentation

    The file that was asked for, of the version that is shown, unless `format` and `version` say otherwise. HEAD gives
    its headers only; `Range` a part of it, of one range of bytes. A PDF is there soon after the presentation is
    complete; where there is none, 404 says so. Asking also has Lectern look whether the slides were edited since.
    """
    return file_of(acting(), presentation_id)


@api.get("/presentations/<uuid:presentation_id>/slides")
@api.input(schemas.WhichVersion, location="query")
@api.output(schemas.Slides)
@api.doc(tags=_TAGS, operation_id="getSlides")
def presentation_slides(presentation_id: UUID, query_data: dict[str, Any]) -> dict[str, Any]:
    """See what stands on the slides

    Words and pictures are there soon after the presentation is complete: first there are no slides, then their words or
    their pictures, then both. Texts are as the slide generator or a teacher wrote them.
    """
    view = decks().shown(acting(), presentation_id, query_data.get("version"))
    decks().want_current(acting(), presentation_id)
    return {"version": view.version and view.version.number, "slides": [_slide(one) for one in view.slides]}


@api.get("/presentations/<uuid:presentation_id>/pictures/<sha256>.webp")
@api.doc(tags=_TAGS, operation_id="getPicture", responses={200: _A_PICTURE})
def presentation_picture(presentation_id: UUID, sha256: str) -> Response:
    """See a slide

    At an address that `getSlides` gave; by this address it is always the same picture.
    """
    return picture_of(acting(), presentation_id, sha256)


@api.get("/presentations/<uuid:presentation_id>/versions")
@api.output(schemas.Versions)
@api.doc(tags=_TAGS, operation_id="listVersions")
def list_versions(presentation_id: UUID) -> dict[str, Any]:
    """List the versions of a presentation

    The newest ten: as it was made, and as it was edited, uploaded or brought back since.
    """
    return {"items": [_version(one) for one in decks().versions(acting(), presentation_id)]}


@api.post(f"/presentations/<uuid:presentation_id>/versions/<int(min=1, max={MAX_VERSION}):version>/current")
@api.output(schemas.Version, 200, "It is shown again, as the newest version.")
@api.doc(tags=_TAGS, operation_id="bringBackVersion")
def bring_back(presentation_id: UUID, version: int) -> dict[str, Any]:
    """Bring an older version back

    It is shown from now on, under a number of its own; no other version is lost. 409: it is the one that is shown.
    """
    number = decks().bring_back(acting(), presentation_id, version)
    return next(_version(one) for one in decks().versions(acting(), presentation_id) if one.version.number == number)


def _slide(slide: Slide) -> dict[str, Any]:
    said = {name: getattr(slide, name) for name in ("number", "title", "text", "notes")}
    where = {"small": slide.small_sha256, "large": slide.large_sha256}
    return said | {"picture": {size: _picture(slide, sha256) for size, sha256 in where.items() if sha256} or None}


def _picture(slide: Slide, sha256: str) -> str:
    return url_for("api.presentation_picture", presentation_id=slide.presentation_id, sha256=sha256)


def _version(kept: KeptVersion) -> dict[str, Any]:
    one = kept.version
    return {
        "number": one.number,
        "origin": one.origin,
        "restored_from": one.restored_from,
        "made_at": one.made_at.isoformat(),
        "slides": one.slides,
        "is_current": kept.is_current,
        "files": [_file(file) for file in kept.files],
    }


def _file(file: KeptFile) -> dict[str, Any]:
    endpoint = "api.presentation_file"
    url = url_for(endpoint, presentation_id=file.presentation_id, format=file.kind, version=file.version)
    return {"format": file.kind, "size": file.size, "sha256": file.sha256, "url": url}
