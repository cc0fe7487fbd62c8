"""What stands in addresses that came from outside."""

from __future__ import annotations

import re
from collections.abc import Mapping

from presentations.options import MAX_TOPIC

# A path of our own. Browsers take // and /\ for the start of another host's name, and leave out tabs.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_local(address: str) -> bool:
    """Whether this leads to a page of ours, whatever browsers make of it."""
    return _LOCAL.fullmatch(address) is not None


def words_of(given: Mapping[str, str]) -> str:
    """The words that are looked for, in the query `given`."""
    return given.get("q", "").replace("\x00", " ").strip()[:MAX_TOPIC]
