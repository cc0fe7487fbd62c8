"""What every page says on top: that the line is paused, and what admins want to be known."""

from __future__ import annotations

from flask import g

from presentations.bidi import isolated
from presentations.errors import Unavailable
from presentations.web.auth.sessions import me
from presentations.web.current import controls

_REFUSED = "The slide generator does not let Lectern in; your admin has been told."


def notices() -> list[str]:
    """Sentences of admins; none while the database is away, which the page says then."""
    if "notices" not in g:
        g.notices = _notices()
    return list(g.notices)


def _notices() -> list[str]:
    try:
        now = me().seen or controls().now()
    except Unavailable:
        return []
    why = isolated(now.pause_reason) if now.pause_reason else _REFUSED
    paused = f"Nothing new is begun just now. {why} What you ask for is kept, and made afterwards."
    return [*([now.notice] if now.notice else []), *([paused] if now.is_paused else [])]
