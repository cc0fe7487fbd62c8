"""Files: where the files of presentations are kept, in a folder or in a bucket in S3, and the rows that name them.

Imports database, telemetry and settings.
"""

from presentations.files.contents import Content, Listed
from presentations.files.errors import Damaged, Missing, StoreAway, StoreError
from presentations.files.keys import deck_key, deck_prefix
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
    show_changes,
)

__all__ = [
    "EDITED",
    "GENERATED",
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
    "show_changes",
]
