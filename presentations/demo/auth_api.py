"""Presenton's calls about who calls, and how a call proves it."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from presentations.demo.checks import Refused, read_body
from presentations.demo.credentials import SESSION, SIGNED_UP_AT, USER_ID
from presentations.demo.state import needs, state

_MONTH = 30 * 24 * 60 * 60

bp = Blueprint("auth", __name__)


def method() -> str | None:
    """How whoever calls proved who they are; None if they did not."""
    if g.met.keys() & {"key_refused", "not_set_up"}:
        return None
    now = state()
    return now.credentials.method_of(request.authorization, request.cookies.get(SESSION), now.release.logins)


@bp.get("/api/v1/auth/status")
def auth_status() -> ResponseReturnValue:
    """Open to everybody: a way to see that the server is up."""
    needs(state().release.has_auth)
    is_known = method() is not None
    name = state().credentials.user_name if is_known else None
    answer = {"configured": "not_set_up" not in g.met, "authenticated": is_known, "username": name}
    if not state().release.has_accounts:
        return answer
    user_id = USER_ID if is_known and state().credentials.are_needed else None
    return answer | {"user_id": user_id, "role": "admin" if is_known else None}


@bp.get("/api/v1/auth/verify")
def auth_verify() -> ResponseReturnValue:
    needs(state().release.has_auth)
    answer = {"authenticated": True, "username": state().credentials.user_name}
    if not state().release.has_accounts:
        return answer
    user = {"id": USER_ID, "created_at": SIGNED_UP_AT} if state().credentials.are_needed else {}
    return answer | user | {"role": "admin", "method": method()}


@bp.post("/api/v1/auth/login")
def login() -> ResponseReturnValue:
    needs(state().release.has_auth)
    if "not_set_up" in g.met:
        raise Refused(428, "Login setup is required")
    body = read_body(request.get_data(), request.is_json)
    given = [body.get(name) if isinstance(body, dict) else None for name in ("username", "password")]
    credentials = state().credentials
    if not credentials.opens_to(*(one if isinstance(one, str) else None for one in given)):
        raise Refused(401, "Unauthorized")
    answer = {"configured": True, "authenticated": True, "username": credentials.user_name}
    if state().release.has_accounts:
        answer |= {"id": USER_ID, "role": "admin", "created_at": SIGNED_UP_AT}
    return _with_session(jsonify(answer))


def _with_session(answer: Response) -> Response:
    answer.set_cookie(SESSION, state().credentials.session, max_age=_MONTH, httponly=True, samesite="Lax")
    return answer
