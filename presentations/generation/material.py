"""The files that a presentation is made from, given to Presenton before it is asked.

Its paths are gone with its next start, so each attempt gives them anew. Nothing is committed meanwhile: a worker that
dies in here has asked for nothing, and the next one begins once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from presentations.database.models import Upload
from presentations.errors import LecternError
from presentations.files import Damaged, Missing, StoreAway, upload_key
from presentations.folders import passing_folder
from presentations.generation.claimed import Claimed
from presentations.generation.outcomes import FILE_DAMAGED, FILE_DELETED
from presentations.library import material_of
from presentations.options import GenerationRequest

STORE = "The store of files"


class MaterialGone(LecternError):
    """A file that it is to be made from is no longer there. The message is for its teacher, `detail` for admins."""

    def __init__(self, sentence: str, detail: str) -> None:
        super().__init__(sentence)
        self.detail = detail


def given_files(one: Claimed) -> list[str]:
    """Give Presenton what it is made from; gives the paths to pass on, in order: none where its slides are settled.

    Raises MaterialGone, StoreAway, Failed where Presenton does not take one, Passing, Refused, Stopped or LeaseLost.
    """
    if not one.row.file_count or GenerationRequest.of(one.row).slides is not None:
        return []
    uploads = one.context.when_database_answers(_material_of, one)
    return [_given(one, upload) for upload in uploads]


def _material_of(one: Claimed) -> Sequence[Upload]:
    with one.context.database.single() as session:
        return material_of(session, one.row.id)


def _given(one: Claimed, upload: Upload) -> str:
    try:
        with passing_folder() as folder:
            file = Path(folder, "file")
            _fetch(one, upload, file)
            with file.open("rb") as source:
                path = one.context.presenton.upload(upload.name, source, upload.size)
    except OSError as error:
        raise StoreAway(f"no temporary file can be used here ({error})") from None
    one.log("gave Presenton the upload %s", upload.id)
    return path


def _fetch(one: Claimed, upload: Upload, file: Path) -> None:
    one.wait(0)
    if upload.deleted_at is not None:
        raise MaterialGone(FILE_DELETED.format(name=upload.name), f"upload {upload.id} was deleted")
    try:
        one.context.store.fetch(upload_key(upload.id, upload.sha256), upload.sha256, upload.size, file)
    except Missing as error:
        raise MaterialGone(FILE_DELETED.format(name=upload.name), error.reason) from None
    except Damaged as error:
        raise MaterialGone(FILE_DAMAGED.format(name=upload.name), error.reason) from None
    one.context.outages.over(STORE)
    one.wait(0)
