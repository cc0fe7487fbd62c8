"""Addresses that came from outside and are to be gone to."""

from __future__ import annotations

import re

# A path of our own. Browsers take // and /\ for the start of another host's name, and leave out tabs.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_local(address: str) -> bool:
    """Whether this leads to a page of ours, whatever browsers make of it."""
    return _LOCAL.fullmatch(address) is not None
