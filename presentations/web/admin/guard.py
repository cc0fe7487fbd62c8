"""Whom the pages for admins are for."""

from __future__ import annotations

from flask import abort

from presentations.models import ADMIN
from presentations.web.current import me


def admins_only() -> None:
    """Raises Forbidden for everybody else who is signed in."""
    if me().role != ADMIN:
        abort(403)
