"""Whom the pages for admins are for."""

from __future__ import annotations

from flask import abort

from presentations.web.auth.powers import powers


def admins_only() -> None:
    """Raises Forbidden for everybody else who is signed in."""
    if not powers().is_admin:
        abort(403)
