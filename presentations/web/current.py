"""Whom a request is from, and the library that serves it."""

from __future__ import annotations

from typing import cast

from flask import current_app

from presentations.library import Library

# There are no accounts yet: everybody at this machine is the same teacher.
USER = "teacher"


def library() -> Library:
    return cast(Library, current_app.extensions["library"])
