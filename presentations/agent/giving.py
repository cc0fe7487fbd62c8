"""Files that a caller gives to make slides from: looked at, and kept as material of the user they are given for."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from presentations.agent.runtime import Shelf, shelf
from presentations.errors import InvalidRequest, LecternError, shown
from presentations.folders import passing_folder
from presentations.options import MAX_FILES

if TYPE_CHECKING:
    from presentations.database.models import Upload
    from presentations.library import Requested, Uploads

log = logging.getLogger(__name__)

Given = str | os.PathLike[str] | bytes
"""A path, or what the file holds."""
_NAMELESS = "Material"


def give(user_id: str, file: object, name: str | None) -> Upload:
    """Keep a file as this user's material. Raises InvalidRequest, StoreError or Unavailable."""
    return _put(shelf(), user_id, file, name, "file")


def ask_with(user_id: str, files: object, ask: Callable[[list[UUID]], Requested]) -> Requested:
    """What `ask` makes of these files, given as this user's material; what it does not name of them does not stay.

    Raises InvalidRequest, naming the first file that is not taken, StoreError, Unavailable, and what `ask` raises.
    """
    wanted, here = _checked(files), shelf()
    ids: list[UUID] = []
    named: set[UUID] = set()
    try:
        for place, file in enumerate(wanted):
            ids.append(_put(here, user_id, file, None, f"files.{place}").id)
        requested = ask(ids)
        # Asked again with the same key, the first presentation has the files of then.
        named = {upload.id for upload in here.uploads.of(user_id, requested.asked.id)}
        return requested
    finally:
        _take_back(here.uploads, user_id, [one for one in ids if one not in named])


def _checked(files: object) -> Sequence[object]:
    if not isinstance(files, list | tuple):
        raise InvalidRequest("files", f"expected a list of paths, or of bytes; got {shown(files)}")
    if len(files) > MAX_FILES:
        raise InvalidRequest("files", f"expected at most {MAX_FILES} files, got {len(files)}")
    return files


def _put(here: Shelf, user_id: str, file: object, name: str | None, field: str) -> Upload:
    # Here and not above: most who ask give no file, and need not wait for what reads one.
    from presentations.material import BadMaterial, check_material

    with passing_folder() as folder:
        path = _path_of(file, Path(folder), field)
        try:
            material = check_material(path, name or _name_of(file), most_bytes=here.most_bytes)
            return here.uploads.add(user_id, material, path)
        except BadMaterial as error:
            raise InvalidRequest(field, str(error)) from None
        except OSError as error:
            raise _unreadable(field, file, error.strerror or type(error).__name__) from None


def _path_of(file: object, folder: Path, field: str) -> Path:
    if isinstance(file, bytes):
        path = folder / "given"
        path.write_bytes(file)
        return path
    if not isinstance(file, str | os.PathLike) or not str(file) or "\0" in str(file):
        raise InvalidRequest(field, f"expected the path of a file, or bytes; got {shown(file)}")
    path = Path(file)
    if path.exists() and not path.is_file():  # nor a device, which has no end
        raise _unreadable(field, file, "it is not a file")
    return path


def _name_of(file: object) -> str:
    return _NAMELESS if isinstance(file, bytes) else Path(str(file)).name


def _unreadable(field: str, file: object, why: str) -> InvalidRequest:
    return InvalidRequest(field, f"expected a file that can be read, got {shown(str(file))} ({why})")


def _take_back(uploads: Uploads, user_id: str, ids: Sequence[UUID]) -> None:
    for one in ids:
        try:
            uploads.remove(user_id, one)
        except LecternError as error:  # it stays in the list of files, from which it can be removed
            log.warning("upload %s stays, though nothing is made from it: %s", one, error)
