"""What somebody would write who wants to forge a line of a log, or to reach the terminal of who reads it."""

from __future__ import annotations

import re

# A line of the log that never was.
FORGED = "2026-11-26 12:00:00,000 INFO    an admin signed in"
# Escapes, line breaks of all kinds, what turns the direction of writing, and what cannot be encoded.
HOSTILE = f"\r\n{FORGED}\x1b[2J\x7f\x85\x9b1m\u2028\u2029\u202e\u2066\ufeff\x00\ud800"

_RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ +.*")


def is_harmless(log: str) -> bool:
    """Whether each line of a text log is a record or indented, and all of it only shows something."""
    lines = log.splitlines()
    own = all(line.startswith("    ") or (_RECORD.fullmatch(line) and not line.startswith(FORGED)) for line in lines)
    return own and log.replace("\n", "").isprintable()
