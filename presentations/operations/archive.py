"""All data of one person with their decks and their material, in one ZIP: given out, and taken in on another Lectern.

`data.json` is what personal_data.py gives, each file of a deck is at `files/<presentation>/<SHA-256>.<kind>`, and each
upload at `uploads/<upload>/<SHA-256>.<kind>`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from presentations.database import Database
from presentations.decks import BadFile, BrokenZip, Kind, check_file, reading_zip
from presentations.errors import InvalidRequest
from presentations.files import DECKS, UPLOADS, Damaged, Missing, Store, Whose, deck_key, upload_key
from presentations.folders import passing_folder
from presentations.material import BadMaterial, check_material
from presentations.operations.personal_data import (
    Imported,
    NamedFile,
    checked_export,
    export_user,
    files_named,
    import_user,
    new_here,
)

_DATA = "data.json"
_MOST_DATA = 1_000_000_000
_NAME = re.compile(
    r"data\.json|files/[0-9a-f-]{36}/[0-9a-f]{64}\.(pptx|pdf|webp)"
    r"|uploads/[0-9a-f-]{36}/[0-9a-f]{64}\.(pdf|docx|pptx|txt|md)",
    re.ASCII,
)
_ENCRYPTED = 1
_PIECE = 256 * 1024


def export_with_files(database: Database, store: Store, user_id: str, target: BinaryIO) -> tuple[int, int]:
    """Write all of it as a ZIP. How many files are in it, and how many are not, since the store has lost them.

    Raises NotFound when nothing is kept of the user, StoreAway and Unavailable; what was written is then no whole ZIP.
    """
    data = export_user(database, user_id)
    written = lost = 0
    with ZipFile(target, "w") as archive, passing_folder() as folder:
        archive.writestr(_DATA, json.dumps(data, indent=2), ZIP_DEFLATED)
        for file in sorted(files_named(data), key=_name):
            copy = Path(folder, "file")
            try:
                store.fetch(_key(file.whose), file.whose.sha256, file.size, copy)
            except (Missing, Damaged):
                lost += 1
            else:
                archive.write(copy, _name(file), ZIP_STORED)
                written += 1
    return written, lost


def import_with_files(database: Database, store: Store, source: BinaryIO, most_bytes: int) -> Imported:
    """Add what export_with_files() gave, as import_user() does, each file of at most `most_bytes`.

    Nothing in it is trusted: a file is taken as what its row says, and only if it is that. Raises InvalidRequest, and
    StoreAway; no row is added then, and what was put in the store is swept out of it.
    """
    with _said():
        archive = ZipFile(source)
    with archive:
        data = _data(archive)
        came = _put_all(database, store, archive, data, most_bytes)
    return import_user(database, data, came)


def _put_all(database: Database, store: Store, archive: ZipFile, data: dict[str, Any], most_bytes: int) -> set[Whose]:
    # Of what is here already, nothing is touched, whoever's it is.
    new, entries = new_here(database, data), set(archive.namelist())
    came: set[Whose] = set()
    with passing_folder() as folder:
        for file in files_named(data):
            if file.whose[:2] not in new or _name(file) not in entries:
                continue
            copy = Path(folder, "file")
            _take_out(archive, file, copy, most_bytes)
            store.put(_key(file.whose), copy)
            came.add(file.whose)
    return came


def _data(archive: ZipFile) -> dict[str, Any]:
    for entry in archive.infolist():
        if not _NAME.fullmatch(entry.filename):
            raise InvalidRequest("file", f"holds {entry.filename!r}, which no export has: leave it as it was made")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or entry.flag_bits & _ENCRYPTED:
            raise InvalidRequest("file", f"holds {entry.filename!r} as no export packs it: leave it as it was made")
    try:
        entry = archive.getinfo(_DATA)
    except KeyError:
        raise InvalidRequest(
            "file", f"expected a ZIP with {_DATA}, as `lectern export --with-files` makes: give that"
        ) from None
    if entry.file_size > _MOST_DATA:
        raise InvalidRequest(
            "file", f"{_DATA} has {entry.file_size} bytes, and at most {_MOST_DATA} are read: give another"
        )
    with _said(), archive.open(entry) as opened:
        content = opened.read(_MOST_DATA)
    try:
        return dict(checked_export(json.loads(content)))
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(
            "file", f"expected JSON in {_DATA}, as `lectern export` writes it: give that ({error})"
        ) from None


def _take_out(archive: ZipFile, file: NamedFile, copy: Path, most_bytes: int) -> None:
    """Raises InvalidRequest unless it is what its row says."""
    name, entry = _name(file), archive.getinfo(_name(file))
    if entry.file_size != file.size:
        raise InvalidRequest("file", f"{name} has {entry.file_size} bytes, not {file.size}: give one as it was made")
    if file.size > most_bytes:
        raise InvalidRequest(
            "file", f"{name} has {file.size} bytes, and MAX_FILE_MB allows {most_bytes}: set it higher"
        )
    if _copied(archive, entry, copy) != file.whose.sha256:
        raise InvalidRequest("file", f"{name} has another SHA-256 than its name: give one as it was made")
    try:
        _check_kind(file, copy, most_bytes)
    except (BadFile, BadMaterial) as error:
        raise InvalidRequest("file", f"{name}: {error}") from None


def _copied(archive: ZipFile, entry: ZipInfo, copy: Path) -> str:
    """The hash of what was copied; zipfile gives no more bytes than the entry says that there are."""
    digest = hashlib.sha256()
    with _said(), archive.open(entry) as opened, copy.open("wb") as written:
        while piece := opened.read(_PIECE):
            digest.update(piece)
            written.write(piece)
    return digest.hexdigest()


def _check_kind(file: NamedFile, copy: Path, most_bytes: int) -> None:
    if file.whose.folder == UPLOADS:
        found = check_material(copy, f"file.{file.kind}", most_bytes=most_bytes)
        if found.kind != file.kind:
            raise BadFile(f"This is a {found.kind} file. Leave the archive as it was exported.")
        return
    if file.kind != "webp":
        check_file(copy, Kind(file.kind), most_bytes=most_bytes)
        return
    with copy.open("rb") as opened:
        head = opened.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise BadFile("This is no WebP picture. Leave the archive as it was exported.")


def _name(file: NamedFile) -> str:
    folder = "files" if file.whose.folder == DECKS else file.whose.folder
    return f"{folder}/{file.whose.id}/{file.whose.sha256}.{file.kind}"


def _key(whose: Whose) -> str:
    return (deck_key if whose.folder == DECKS else upload_key)(whose.id, whose.sha256)


@contextmanager
def _said() -> Iterator[None]:
    """Turn what a broken ZIP makes of the reader into a sentence."""
    try:
        with reading_zip():
            yield
    except BrokenZip as error:
        raise InvalidRequest("file", f"is no whole ZIP ({error}): export it once more, and leave it as it is") from None
