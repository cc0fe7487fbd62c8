"""How often somebody may try to guess a password, and how much one token may ask of the API."""

from __future__ import annotations

import hashlib
import math
import time
from typing import cast

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from presentations.jobs import quick_redis
from presentations.web.api.bearer import counted_as
from presentations.web.api.blueprint import api
from presentations.web.auth.account import account
from presentations.web.auth.sessions import user_id
from presentations.web.auth.signin import signin

_PER_ACCOUNT = "10 per 15 minutes"
# A whole school may share one.
_PER_ADDRESS = "50 per 15 minutes"


def init_app(app: Flask, redis_url: str, api_requests: int) -> None:
    """Count in Redis; in memory while Redis is away, which is noticed within a second.

    Of sign-ins, what fails is counted; of each token, `api_requests` a minute may be sent.
    """
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri="redis://",
        storage_options={"connection_pool": quick_redis(redis_url).connection_pool},  # type: ignore[dict-item]
        key_prefix="lectern",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
    )
    for blueprint, limit, key in (
        (signin, _PER_ACCOUNT, _account),
        (signin, _PER_ADDRESS, get_remote_address),
        (account, _PER_ACCOUNT, user_id),
    ):
        limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_failed)(blueprint)
    limiter.shared_limit(f"{api_requests} per minute", scope="api", key_func=counted_as)(api)
    app.extensions["limits"] = limiter
    app.after_request(_say_what_is_left)


def _say_what_is_left(response: Response) -> Response:
    """How long to wait; for the API also the RateLimit fields of the IETF's draft."""
    limit = cast(Limiter, current_app.extensions["limits"]).current_limit
    if limit is None:
        return response
    window = limit.limit.get_expiry()
    seconds = min(window, max(1, math.ceil(limit.reset_at - time.time())))
    if response.status_code == 429:
        response.headers["Retry-After"] = str(seconds)
    if request.blueprint == "api":
        response.headers["RateLimit-Policy"] = f"{limit.limit.amount};w={window}"
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
        response.headers["RateLimit-Reset"] = str(seconds)
    return response


def _account() -> str:
    """The account that is tried, whether it exists or not. A link does not say which: the address stands for it."""
    tried = request.form.get("email", get_remote_address()).strip().lower()
    return hashlib.sha256(tried.encode()).hexdigest()


def _failed(response: Response) -> bool:
    return response.status_code in (404, 422)
