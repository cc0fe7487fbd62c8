"""Files: where those of presentations and uploads are kept, in a folder or a bucket in S3, and the rows that name them.

Imports database, telemetry and settings.
"""

from presentations.files.contents import Content, Listed
from presentations.files.errors import Damaged, Missing, StoreAway, StoreError
from presentations.files.keys import DECKS, UPLOADS, Whose, deck_key, deck_prefix, upload_key, upload_prefix, whose_file
from presentations.files.putting import MEDIA_TYPES, disposition, put_file, put_stored, put_upload, stored_as
from presentations.files.store import Store
from presentations.files.versions import (
    EDITED,
    GENERATED,
    OFFICE,
    PRESENTON,
    RESTORED,
    UPLOAD,
    UPLOADED,
    Stored,
    add_file,
    add_version,
    bring_back,
    show,
    show_changes,
)

__all__ = [
    "DECKS",
    "EDITED",
    "GENERATED",
    "MEDIA_TYPES",
    "OFFICE",
    "PRESENTON",
    "RESTORED",
    "UPLOAD",
    "UPLOADED",
    "UPLOADS",
    "Content",
    "Damaged",
    "Listed",
    "Missing",
    "Store",
    "StoreAway",
    "StoreError",
    "Stored",
    "Whose",
    "add_file",
    "add_version",
    "bring_back",
    "deck_key",
    "deck_prefix",
    "disposition",
    "put_file",
    "put_stored",
    "put_upload",
    "show",
    "show_changes",
    "stored_as",
    "upload_key",
    "upload_prefix",
    "whose_file",
]
