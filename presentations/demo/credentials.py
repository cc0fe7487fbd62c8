"""Who may call, and how they prove who they are."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from werkzeug.datastructures import Authorization

SESSION = "presenton_session"
USER_ID = "6d0f6e2c-3f0a-4d3e-9d61-1c1b8c0f7a55"
"""The one user of the demo, where a release has users with ids."""
SIGNED_UP_AT = "2026-11-23T18:51:00.782415"


@dataclass(frozen=True)
class Credentials:
    """Nobody needs to say who they are when nothing is set."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """The cookie of whoever has signed in."""

    @property
    def are_needed(self) -> bool:
        return self.username is not None or self.api_key is not None

    @property
    def user_name(self) -> str:
        return self.username or "admin" if self.are_needed else "electron"

    def method_of(self, given: Authorization | None, session: str | None, logins: Iterable[str]) -> str | None:
        """How somebody proved who they are, by one of `logins`: local if nobody needs to, None if they did not."""
        if not self.are_needed:
            return "local"
        if "cookie" in logins and _is_same(session, self.session):
            return "session"
        if given is None or given.type not in logins:
            return None
        if given.type == "bearer":
            return "api_key" if _is_same(given.token, self.api_key) else None
        return "basic" if self.opens_to(given.username, given.password) else None

    def opens_to(self, username: str | None, password: str | None) -> bool:
        return _is_same(username, self.username) and _is_same(password, self.password)


def _is_same(given: str | None, expected: str | None) -> bool:
    if given is None or expected is None:
        return False
    return hmac.compare_digest(given.encode(), expected.encode())
