"""Marks: how a deck in Presenton's list is known to be the one that was asked for.

Presenton has no idempotency key, and topic, length and order of asking do not tell two alike requests apart. But every
release gives `content` back as it was sent. So each request has a mark of its own at its end, of characters that nobody
sees and no release takes away; where two decks hold the same one, somebody has copied ours in Presenton.
"""

from __future__ import annotations

import secrets

_SIGNS = "\u200b\u200c\u200d\u2060"
_BYTES = 8


def new_mark() -> str:
    """A mark that no other request has, in hexadecimal."""
    return secrets.token_hex(_BYTES)


def marked(content: str, mark: str) -> str:
    """`content` with this mark, which a reader does not see."""
    return content + _signs(mark)


def holds(content: object, mark: str) -> bool:
    """Whether this is content with this mark."""
    return isinstance(content, str) and content.endswith(_signs(mark))


def _signs(mark: str) -> str:
    number = int(mark, 16)
    return "".join(_SIGNS[number >> shift & 3] for shift in range(8 * _BYTES - 2, -2, -2))
