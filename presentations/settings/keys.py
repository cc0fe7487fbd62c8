"""Whether a secret key can be guessed."""

from __future__ import annotations

from itertools import pairwise

SHORTEST = 32
HOW_TO_MAKE = 'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'

# Of 32 random hexadecimal digits, 1 key in 20 million has fewer different ones.
_FEWEST_DIFFERENT = 8
# Of examples, manuals and our own pages. None is shorter than six letters, lest a random key hold one by chance.
_WORDS = (
    *("changeit", "changeme", "changethis", "default", "development", "example", "fortests", "insecure", "letmein"),
    *("password", "production", "qwerty", "replaceme", "secret", "setitin", "yourkey", "lectern", "presenton"),
    *("opensslrand", "tokenurlsafe"),
)


def weakness(key: str) -> str | None:
    """Why this key is no secret, as the end of a sentence; None when nothing is plainly wrong with it."""
    if len(key) < SHORTEST:
        return f"has {len(key)} characters"
    letters = "".join(filter(str.isalnum, key.lower()))
    if any(word in letters for word in _WORDS):
        return "holds a word that stands in examples"
    if len(set(key)) < _FEWEST_DIFFERENT or _repeats(key) or _counts(key):
        return "repeats itself or counts"
    return None


def _repeats(key: str) -> bool:
    return any(key[period:] == key[:-period] for period in range(1, len(key) // 2 + 1))


def _counts(key: str) -> bool:
    """Whether most characters are neighbours of the one before, as in "abcdefgh" or "87654321"."""
    steps = [abs(ord(later) - ord(earlier)) for earlier, later in pairwise(key)]
    return sum(step <= 1 for step in steps) > len(steps) * 3 / 4
