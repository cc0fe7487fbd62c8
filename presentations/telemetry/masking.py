"""What no log tells: the secret of a sign-in link, which is whatever follows /sign-in/ in an address."""

from __future__ import annotations

import re

# Two addresses there are no links; a longer name that begins like one of them is.
_IN_PATH = re.compile(r"(/sign-in/+)(?!oidc(?:/callback)?\Z).+", re.IGNORECASE | re.DOTALL)
_IN_TEXT = re.compile(r"""(/sign-in/+)(?!oidc(?:/callback)?(?![\w/-]))[^\s"'\\]+""", re.IGNORECASE)


def masked_path(path: str) -> str:
    """A path that was asked for, decoded, without a link's secret."""
    return _IN_PATH.sub(r"\1...", path)


def masked_text(text: str) -> str:
    """A line that is to be logged, without the secrets of the links in it."""
    return _IN_TEXT.sub(r"\1...", text)
