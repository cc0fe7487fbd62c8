"""What exported files are called."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 100


def unique_file_name(title: str, presentation_id: str, export_as: str) -> str:
    """A name of plain ASCII that no other deck has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain)[:60].strip("-")
    return f"{slug or 'presentation'}_{presentation_id}.{export_as}"


def titled_file_name(title: str, export_as: str) -> str:
    """The title as it is, spaces and all scripts, but for what no file name can hold: other decks may have the same."""
    kept = re.sub(r'[/\\:*?"<>|.]', "", title).strip()
    while len(kept.encode()) > _LONGEST:
        kept = kept[:-1].rstrip()
    return f"{kept or 'presentation'}.{export_as}"
