"""Sessions: who a request is from. Nobody sees a page without one, but for those of `signin`."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.wrappers import Response

from presentations.accounts import Holder, Powers
from presentations.database.models import User
from presentations.web.addresses import shown_address
from presentations.web.current import kept_sessions

# The pages that are open to everybody, and the API, which also takes tokens.
_LET_IN_ELSEWHERE = ("signin", "oidc", "docs", "api", "health", "metering")
# Where Flask-Login keeps what SignedIn.get_id() gives.
_KEY = "_user_id"


class SignedIn(UserMixin):
    """A user, as Flask-Login wants to see one. Who shows a token has no session, and no key of one."""

    def __init__(self, user: User | Holder, session_key: str = "", powers: Powers | None = None) -> None:
        self.powers = powers or Powers(user.id, user.role)
        self.id, self.name, self.email, self.role = user.id, user.name, user.email, user.role
        self.form_choices = user.form_choices
        self.has_password = user.has_password
        # With what stood in the database when this request began; None where it has not looked for its session.
        self.seen = user if isinstance(user, Holder) else None
        self._session_key = session_key

    @property
    def outlines(self) -> int:
        """How many of this user's wait for an answer."""
        return self.seen.outlines if self.seen else 0

    def get_id(self) -> str:
        """What the cookie holds."""
        return self._session_key


def init_app(app: Flask) -> None:
    manager = LoginManager()
    # A phone changes its address on the way to school.
    manager.session_protection = None  # type: ignore[assignment]
    manager.user_loader(_load)
    # Its context processor would look for the user on the page, too, that says that the database is away.
    manager.init_app(app, add_context_processor=False)
    app.before_request(_require_sign_in)
    app.context_processor(_me)


def start(user: User) -> None:
    """A new session for this user; nothing of the one before is kept."""
    end()
    g.me = SignedIn(user, kept_sessions().start(user))
    login_user(g.me)


def end() -> None:
    """End the session of this browser, for whoever else has its cookie as well."""
    if key := session.get(_KEY):
        kept_sessions().end(key)
    session.clear()


def current() -> SignedIn | None:
    """Who is signed in. Raises Unavailable."""
    user = cast(SignedIn, current_user)
    return user if user.is_authenticated else None


def is_going_on() -> bool:
    """Whether the session that this request began with is still good."""
    return kept_sessions().holder(me().get_id()) is not None


def me() -> SignedIn:
    """Who is signed in, as every page but those of `signin` may rely on."""
    return cast(SignedIn, g.me)


def user_id() -> str:
    return me().id


def _load(session_key: str) -> SignedIn | None:
    found = kept_sessions().holder(session_key)
    return None if found is None else SignedIn(found, session_key)


def _require_sign_in() -> Response | None:
    if request.endpoint == "static" or request.blueprint in _LET_IN_ELSEWHERE:
        return None
    g.me = current()
    if g.me or request.endpoint is None:  # there is no such page, for anybody
        return None
    return redirect(url_for("signin.ask", next=_wanted()), 303)


def _wanted() -> str | None:
    """What to show after signing in, when that is not the library anyway."""
    is_wanted = request.method == "GET" and request.full_path != "/?"
    return shown_address() if is_wanted else None


def _me() -> dict[str, Any]:
    return {"me": cast(SignedIn | None, g.get("me"))}
