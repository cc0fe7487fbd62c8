"""Ids as Presenton has them: UUIDs, and its words for what is none."""

from __future__ import annotations

import re
import uuid


def check_uuid(text: str) -> tuple[str, str]:
    """The id as it is kept, and what is wrong with it: nothing, if that is empty."""
    try:
        return str(uuid.UUID(text)), ""
    except ValueError:
        wrong = re.search(r"[^0-9a-fA-F-]", text)
        if wrong:
            return text, f"invalid character: found `{wrong[0]}` at {wrong.start() + 1}"
        return text, f"invalid length: expected length 32 for simple format, found {len(text)}"
