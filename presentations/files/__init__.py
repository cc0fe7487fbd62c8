"""Files: where the files of presentations are kept, in a folder or in a bucket in S3, and the rows that name them.

Imports database, telemetry and settings.
"""

from presentations.files.contents import Content, Listed
from presentations.files.errors import Damaged, Missing, StoreAway, StoreError
from presentations.files.keys import deck_key, deck_prefix, whose_file
from presentations.files.putting import MEDIA_TYPES, disposition, put_file
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
    "EDITED",
    "GENERATED",
    "MEDIA_TYPES",
    "OFFICE",
    "PRESENTON",
    "RESTORED",
    "UPLOAD",
    "UPLOADED",
    "Content",
    "Damaged",
    "Listed",
    "Missing",
    "Store",
    "StoreAway",
    "StoreError",
    "Stored",
    "add_file",
    "add_version",
    "bring_back",
    "deck_key",
    "deck_prefix",
    "disposition",
    "put_file",
    "show",
    "show_changes",
    "whose_file",
]
