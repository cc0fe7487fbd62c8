"""Pages that are kept up to date: a script asks for the same page again and gets 304 until something has changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import ParamSpec

from flask import g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from presentations.database.models import COMPLETE, Presentation
from presentations.web.auth.sessions import me
from presentations.web.current import is_look
from presentations.web.times import COOKIE

P = ParamSpec("P")

# The pictures of a deck take seconds; where there are none by now, there may never be.
_DRAWN_WITHIN = timedelta(minutes=2)


def is_awaited(one: Presentation) -> bool:
    """Whether it was finished just now, so that its pictures are about to come."""
    since = datetime.now(UTC) - _DRAWN_WITHIN
    return one.status == COMPLETE and not one.cover and one.completed_at is not None and one.completed_at > since


def live(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a page with all that it is drawn from; a look that knows this mark costs no more than finding that out."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.seen = _mark()
        if is_look() and request.if_none_match.contains_weak(g.seen):
            response = Response(status=304)
        else:
            response = make_response(view(*args, **kwargs))
        response.set_etag(g.seen, weak=True)
        return response

    return marked


def _mark() -> str:
    """What is kept, the minute (pages say how long ago), the zone, and the session, whose token is in the forms."""
    if "csrf_token" not in session:
        generate_csrf()
    sources = [
        seen.latest_change if (seen := me().seen) else None,
        int(time.time() // 60),
        request.cookies.get(COOKIE),
        session["csrf_token"],
    ]
    return hashlib.sha256(repr(sources).encode()).hexdigest()[:32]
