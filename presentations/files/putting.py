"""A file of a presentation put in the store, as it is named there and for whoever fetches it from there."""

from __future__ import annotations

import hashlib
from pathlib import Path

from presentations.database.models import Presentation
from presentations.filenames import file_names
from presentations.files.keys import deck_key
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


def put_file(store: Store, one: Presentation, file: Path, kind: str, origin: str) -> Stored:
    """Put a file in the store, under its presentation; a `kind` that nobody downloads is a picture.

    Raises StoreAway, and OSError when `file` cannot be read.
    """
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    named = disposition(one, kind) if kind in MEDIA_TYPES else None
    media_type = MEDIA_TYPES.get(kind, _PICTURE)
    store.put(deck_key(one.id, sha256), file, disposition=named, media_type=media_type)
    return Stored(kind, file.stat().st_size, sha256, origin)
