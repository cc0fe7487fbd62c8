"""Whom the pages for admins are for."""

from __future__ import annotations

from flask import abort

from presentations.database.models import ADMIN
from presentations.web.auth.sessions import me


def admins_only() -> None:
    """Raises Forbidden for everybody else who is signed in."""
    if me().role != ADMIN:
        abort(403)
