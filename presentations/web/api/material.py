"""Files to make presentations from: give them, look at them, keep them, remove them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from presentations.database.models import Presentation, Upload
from presentations.errors import InvalidRequest
from presentations.web import material
from presentations.web.api import schemas
from presentations.web.api.bearer import acting
from presentations.web.api.blueprint import api
from presentations.web.api.body import ACTING, is_form
from presentations.web.auditing import about
from presentations.web.current import uploads
from presentations.web.uploads import FORM

_TAGS = ["Files"]


@api.post("/files")
@api.output(schemas.File, 201, "It is kept.", headers=schemas.Located)
@api.doc(tags=_TAGS, operation_id="addFile")
def add_file() -> tuple[dict[str, Any], int, dict[str, str]]:
    """Give a file to make presentations from

    A PDF, a Word or PowerPoint file (.docx, .pptx), or a text. What it is, its content says. Name its `id` among the
    `file_ids` of a presentation. One that nothing was made from is deleted after a week.
    """
    if not is_form():
        raise UnsupportedMediaType(f"Send the file in the field {material.FIELD!r} of a form, as {FORM}.")
    files = only_files(ACTING)
    if len(files) != 1:
        raise InvalidRequest(material.FIELD, f"expected one file, got {len(files) or 'nothing'}")
    one = material.keep(acting(), files[0])
    about(acting(), f"file {one.id}")
    return _told(one), 201, {"Location": url_for(".file", file_id=one.id)}


@api.get("/files")
@api.output(schemas.Files, description="All of them, newest first.")
@api.doc(tags=_TAGS, operation_id="listFiles")
def list_files() -> dict[str, Any]:
    """List the files that are there"""
    used, quota = uploads().usage(acting())
    files = uploads().list(acting())
    until = uploads().kept_until(files)
    return {"items": [_told(one, until) for one in files], "usage": used, "quota": quota}


@api.get("/files/<uuid:file_id>")
@api.output(schemas.File)
@api.doc(tags=_TAGS, operation_id="getFileGiven")
def file(file_id: UUID) -> dict[str, Any]:
    """See what is known of a file"""
    return _told(uploads().get(acting(), file_id))


@api.patch("/files/<uuid:file_id>")
@api.input(schemas.ChangedFile)
@api.output(schemas.File)
@api.doc(tags=_TAGS, operation_id="changeFile")
def change_file(file_id: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Say how long a file stays

    Else it is deleted 30 days after the last presentation that is made from it was complete, failed or was cancelled.
    """
    return _told(uploads().keep(acting(), file_id, json_data["keep"]))


@api.delete("/files/<uuid:file_id>")
@api.output({}, 204, "It is gone.")
@api.doc(tags=_TAGS, operation_id="removeFile")
def remove_file(file_id: UUID) -> tuple[str, int]:
    """Remove a file

    What was made from it stays. 409: something is to be made from it.
    """
    uploads().remove(acting(), file_id)
    return "", 204


def only_files(*fields: str) -> list[FileStorage]:
    """The files of the form that was sent, if one was. Raises InvalidRequest for others, or fields beside `fields`."""
    unknown = [name for name in request.files if name != material.FIELD]
    unknown += [name for name in request.form if fields and name not in fields]
    if unknown:
        named = unknown[0] or material.FIELD  # a part of a form need not have a name
        raise InvalidRequest(named[:60], f"unknown: files are expected in the field {material.FIELD!r}")
    return material.sent_files()


def made_from(presentation: Presentation) -> list[dict[str, Any]]:
    """What a presentation is made from; a file that is gone has `deleted_at`."""
    files = uploads().of(acting(), presentation.id) if presentation.file_count else ()
    return [material.told(one) | {"deleted_at": one.deleted_at and one.deleted_at.isoformat()} for one in files]


def _told(upload: Upload, until: Mapping[UUID, datetime] | None = None) -> dict[str, Any]:
    end = (uploads().kept_until([upload]) if until is None else until).get(upload.id)
    times = {"created_at": upload.created_at.isoformat(), "kept_until": end and end.isoformat()}
    return material.told(upload) | times | {"keep": upload.is_kept}
