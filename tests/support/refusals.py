"""Whether a sentence that refuses something says what to do next."""

from __future__ import annotations

import re

_DO = (
    "ask call check choose copy delete download export give go have leave look make name open put read run save send set "
    "sign switch tell try type use wait write"
)
# What was expected; or, where a sentence or a part of one begins, a verb that tells somebody to do something.
_STEP = re.compile(rf"\b(expected|must be)\b|(^|[.;:,] |\band |\bor )({'|'.join(_DO.split())})\b", re.IGNORECASE)


def says_what_to_do(sentence: str) -> bool:
    return bool(_STEP.search(sentence))
