"""Files: where the files of presentations are kept, in a folder or in a bucket of an S3 store.

Imports telemetry and settings.
"""

from presentations.files.contents import Content, Listed
from presentations.files.errors import Damaged, Missing, StoreAway, StoreError
from presentations.files.keys import deck_key, deck_prefix
from presentations.files.store import Store

__all__ = ["Content", "Damaged", "Listed", "Missing", "Store", "StoreAway", "StoreError", "deck_key", "deck_prefix"]
