"""Which passwords are guessed first, and so are none."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

# Of what was typed, so much is looked at: the time that takes grows with the square of it.
_READ = 72
# So many guesses are made online in time, in spite of limits (Wheeler, "zxcvbn", USENIX Security 2016).
_FEW = 10**6
# Words that stand near every account here. docs/security.md names them.
_WORDS = ("lectern", "presenton", "presentation", "slides", "teacher", "school", "admin", "password")
# zxcvbn keeps the words of a call where all threads look.
_ONE_AT_A_TIME = Lock()


def is_guessed_first(password: str, about: Iterable[str]) -> bool:
    """Whether it is a common password, a pattern, or made of `about`, which are the names of whose it is."""
    from zxcvbn import zxcvbn  # its lists are large, and nobody needs them who sets no password

    words = {word for text in about for word in (text, *_words_of(text)) if len(word) > 2}
    with _ONE_AT_A_TIME:
        found = zxcvbn(password[:_READ], user_inputs=[*_WORDS, *sorted(words)])
    return bool(found["guesses"] < _FEW)


def _words_of(text: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in text).split()
