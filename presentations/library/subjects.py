"""Subjects: how a name becomes the key that rows hold."""

from __future__ import annotations

import unicodedata

from presentations.database.models import UNORGANIZED
from presentations.errors import InvalidRequest, shown
from presentations.validation import checked_text

MAX_NAME = 80


def checked_name(name: object, field: str = "subject") -> str:
    """A subject's name as it is shown, with single spaces. Raises InvalidRequest unless it has 1 to 80 characters."""
    text = " ".join(checked_text(field, name, MAX_NAME).split())
    if not key_of(text):
        raise InvalidRequest(field, f"expected some letters, got {shown(text)}")
    return text


def real_name(name: object, field: str) -> str:
    """checked_name() of a subject that can be made. Raises InvalidRequest for the name of what has none."""
    text = checked_name(name, field)
    if key_of(text) == UNORGANIZED:
        raise InvalidRequest(field, "this name stands for what has no subject: choose another")
    return text


def key_of(name: str) -> str:
    """The key of a subject: the same for "Biology", " biology " and "BIOLOGY".

    Unicode-normalised and casefolded; "Unorganized" has the key that stands for no subject at all.
    """
    key = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return UNORGANIZED if key == "unorganized" else key
