"""Files that a presentation is to be made from, as they come with a request and as they are given back."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from flask import Response, current_app, request
from werkzeug.datastructures import FileStorage

from presentations.database.models import Upload
from presentations.errors import InvalidRequest, LecternError
from presentations.filenames import file_names
from presentations.files import upload_key
from presentations.library import MAX_FILES
from presentations.material import BadMaterial, check_material
from presentations.web.current import store, uploads
from presentations.web.downloads import Downloads
from presentations.web.files import Part
from presentations.web.uploads import temporary_file

log = logging.getLogger(__name__)

FIELD = "file"


def sent_files() -> list[FileStorage]:
    """What was chosen in the form of this request."""
    return [file for file in request.files.getlist(FIELD) if file.filename]


def keep(person: str, file: FileStorage) -> Upload:
    """Keep a file as material of this person. Raises InvalidRequest, which names the file, or StoreAway."""
    name = file.filename or ""
    with temporary_file("material") as path:
        file.save(path)
        try:
            material = check_material(path, name, most_bytes=current_app.config["MAX_UPLOAD_BYTES"])
        except BadMaterial as error:
            raise InvalidRequest(FIELD, str(error)) from None
        return uploads().add(person, material, path)


@contextmanager
def kept(person: str, files: Sequence[FileStorage]) -> Iterator[list[UUID]]:
    """The ids of these files, kept as material; where anything fails, none of them is kept. Raises as `keep`."""
    ids: list[UUID] = []
    try:
        for file in files:
            ids.append(keep(person, file).id)
        yield ids
    except BaseException:
        remove(person, ids)
        raise


def remove(person: str, ids: Sequence[UUID]) -> None:
    """Let these go again; one that cannot go now stays in the list of files, from which it can be removed."""
    for one in ids:
        try:
            uploads().remove(person, one)
        except LecternError as error:
            log.warning("upload %s stays, though it was not to: %s", one, error)


def told(upload: Upload) -> dict[str, Any]:
    """What is said of one wherever it is named."""
    return {name: getattr(upload, name) for name in ("id", "name", "kind", "size", "pages")}


def check_number(number: int) -> None:
    """Raise InvalidRequest where one presentation cannot be made from so many."""
    if number > MAX_FILES:
        raise InvalidRequest(FIELD, f"expected at most {MAX_FILES} files, got {number}")


def file_of(person: str, upload_id: str) -> Response:
    """The file of one, to be downloaded. Raises NotFound, Missing, StoreAway or TooManyDownloads."""
    one = uploads().get(person, upload_id)
    key = upload_key(one.id, one.sha256)
    downloads = cast(Downloads, current_app.extensions["downloads"])
    answer = downloads.send(person, lambda: Part(store().read(key, one.sha256, one.size), 0, one.size))
    name = PurePath(one.name)
    answer.mimetype = "application/octet-stream"  # for no browser to show
    answer.headers["Content-Disposition"] = file_names(name.stem, one.id, name.suffix).content_disposition
    return answer
