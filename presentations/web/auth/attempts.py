"""Attempts to sign in by OpenID Connect, each in a cookie of its own: several tabs may try at once.

The session would not do: whoever is signed in first begins a new one, and of two answers that arrive together the
browser keeps the session of one.
"""

from __future__ import annotations

import hashlib
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration
from flask import Response, after_this_request, current_app, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from presentations.web import guard

_SECONDS = 3600
# All cookies together have to fit into one header of a request.
_MOST = 4
_LONGEST_WAY = 500
_NEXT = "next"


class Attempts(FlaskIntegration):
    """Where Authlib keeps what belongs to a `state`; the session that it hands over is left alone."""

    def set_state_data(self, session: object, state: str, data: dict[str, Any]) -> None:
        wanted = request.args.get(_NEXT, "")
        kept = {"redirect_uri": data["redirect_uri"], "nonce": data["nonce"], "code_verifier": data["code_verifier"]}
        value = _signer(state).dumps({**kept, _NEXT: wanted if len(wanted) <= _LONGEST_WAY else ""})
        names = [name for name in request.cookies if name.startswith(_name(""))]
        for old in names if len(names) >= _MOST else []:
            _forget(old)
        _keep(_name(state), value)

    def get_state_data(self, session: object, state: str | None) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = _signer(str(state)).loads(request.cookies[_name(str(state))], max_age=_SECONDS)
        except (KeyError, BadData):
            return None
        return found

    def clear_state_data(self, session: object, state: str | None) -> None:
        # A state that nobody gave out may hold what no header bears.
        if self.get_state_data(session, state):
            _forget(_name(str(state)))

    def wanted(self) -> str:
        """Where the attempt that comes back was to lead."""
        kept = self.get_state_data(None, request.args.get("state"))
        return str(kept[_NEXT]) if kept else ""


def _name(state: str) -> str:
    return guard.cookie_name(url_for("oidc.go"), f"_oidc_{state}")


def _signer(state: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        str(current_app.secret_key), salt=f"oidc {state}", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _where() -> dict[str, Any]:
    is_secure = current_app.session_interface.get_cookie_secure(current_app)
    return {"path": url_for("oidc.go"), "secure": is_secure, "httponly": True, "samesite": "Lax"}


def _keep(name: str, value: str) -> None:
    where = _where()

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(name, value, max_age=_SECONDS, **where)
        return response


def _forget(name: str) -> None:
    where = _where()

    @after_this_request
    def delete_cookie(response: Response) -> Response:
        response.delete_cookie(name, **where)
        return response
