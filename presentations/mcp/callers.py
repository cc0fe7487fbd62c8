"""Who calls, for which user, and what they may do: asked anew at every request, so that what ends, ends at once."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import Headers

from presentations.accounts import READ, SCOPES, WRITE, Powers, Tokens
from presentations.agent.functions import Function
from presentations.agent.runtime import lectern
from presentations.database.models import TEACHER
from presentations.errors import InvalidRequest, NotAllowed, shown
from presentations.validation import checked_user

HEADER = "X-Lectern-User"


class Unauthorised(NotAllowed):
    """Nobody is let in by what was sent. `is_wrong`: something was sent, and it does not work (any more)."""

    def __init__(self, message: str, is_wrong: bool) -> None:
        super().__init__(message)
        self.is_wrong = is_wrong


class Caller(AuthenticatedUser):
    """For which user a call acts, by which credential: the package keeps sessions apart by both.

    `check` is called while a call waits, and raises a LecternError when it may not go on.
    """

    def __init__(
        self, credential: str, user_id: str, scopes: Iterable[str] = SCOPES, check: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(AccessToken(token="", client_id=credential, scopes=list(scopes), subject=user_id))
        self.user_id = user_id
        self.check = check

    def lacks(self, function: Function) -> str | None:
        """The scope that it would need for a function and does not have."""
        needed = READ if function.only_reads else WRITE
        return None if needed in self.scopes else needed


@dataclass(frozen=True)
class Callers:
    """Who may call a server over HTTP: each holder of a token of an account, as themselves.

    And, where `user_id` is set, as that user whoever sends `shared`, or anybody when there is no such secret.
    """

    user_id: str | None
    shared: str | None

    def of(self, headers: Headers) -> Caller:
        """Who sent a request. Raises Unauthorised, NotAllowed, InvalidRequest, or another LecternError."""
        authorization = headers.get("authorization")
        if authorization is None:
            caller = self._without_token()
            return _acting(caller, Powers(caller.user_id, TEACHER), headers)
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Unauthorised("expected Authorization: Bearer, and a token after it", is_wrong=True)
        if self.user_id is not None and self.shared and hmac.compare_digest(secret.encode(), self.shared.encode()):
            return _acting(Caller("MCP_TOKEN", self.user_id), Powers(self.user_id, TEACHER), headers)
        found = Tokens(lectern().library.database).holder(secret)
        if found is None:
            raise Unauthorised(
                "this token does not work, or no longer: make another on the page Your account", is_wrong=True
            )
        scopes, check = found.token.scopes.split(), partial(self.of, headers)
        caller = Caller(f"token {found.token.id}", found.user.id, scopes, check)
        return _acting(caller, found.powers, headers)

    def _without_token(self) -> Caller:
        if self.user_id is None or self.shared:
            raise Unauthorised("a bearer token is needed: make one on the page Your account", is_wrong=False)
        return Caller("this machine", self.user_id)


def _acting(caller: Caller, powers: Powers, headers: Headers) -> Caller:
    """The same for the user that the client names, who is never chosen by a model."""
    named = headers.get(HEADER)
    if named is None:
        return caller
    if not named.isascii():
        raise InvalidRequest(HEADER, f"expected ASCII characters, got {shown(named)}")
    user_id = checked_user(named)
    powers.check_acting_for(user_id)
    return Caller(caller.access_token.client_id, user_id, caller.scopes, caller.check)
