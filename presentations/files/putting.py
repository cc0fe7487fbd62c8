"""Files put in the store; those of a presentation with the name and type that whoever fetches them there is told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

from presentations.database.models import Presentation
from presentations.filenames import file_names
from presentations.files.keys import deck_key, upload_key
from presentations.files.store import Store
from presentations.files.versions import Stored

MEDIA_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}
"""What a browser is told a file is, by its kind."""
_PICTURE = "image/webp"


def disposition(one: Presentation, kind: str) -> str:
    """What a file of it is called where it is downloaded: a header Content-Disposition."""
    return file_names(one.shown_title, one.id, f".{kind}").content_disposition


def stored_as(file: Path, kind: str, origin: str) -> Stored:
    """What a file is once it is in the store. Raises OSError when it cannot be read."""
    return Stored(kind, file.stat().st_size, _sha256(file), origin)


def put_file(store: Store, one: Presentation, file: Path, kind: str, origin: str) -> Stored:
    """Put a file in the store, under its presentation; a `kind` that nobody downloads is a picture.

    Raises StoreAway, and OSError when `file` cannot be read.
    """
    stored = stored_as(file, kind, origin)
    put_stored(store, one, file, stored)
    return stored


def put_stored(store: Store, one: Presentation, file: Path, stored: Stored) -> None:
    """The same for a file of which stored_as() has said what it is. Raises StoreAway."""
    named = disposition(one, stored.kind) if stored.kind in MEDIA_TYPES else None
    media_type = MEDIA_TYPES.get(stored.kind, _PICTURE)
    store.put(deck_key(one.id, stored.sha256), file, disposition=named, media_type=media_type)


def put_upload(store: Store, upload_id: UUID, file: Path) -> tuple[str, int]:
    """Put a file that somebody uploaded in the store: its SHA-256 and size. Nobody is sent there to fetch it.

    Raises StoreAway, and OSError when `file` cannot be read.
    """
    sha256 = _sha256(file)
    store.put(upload_key(upload_id, sha256), file)
    return sha256, file.stat().st_size


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
