"""How often somebody may try to guess a password."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from presentations.line import quick_redis
from presentations.web.account import account
from presentations.web.current import user_id
from presentations.web.signin import signin

_PER_ACCOUNT = "10 per 15 minutes"
# A whole school may share one.
_PER_ADDRESS = "50 per 15 minutes"


def init_app(app: Flask, redis_url: str) -> None:
    """Count in Redis what fails; in memory while Redis is away, which is noticed within a second."""
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


def _account() -> str:
    """The account that is tried, whether it exists or not. A link does not say which: the address stands for it."""
    tried = request.form.get("email", get_remote_address()).strip().lower()
    return hashlib.sha256(tried.encode()).hexdigest()


def _failed(response: Response) -> bool:
    return response.status_code in (404, 422)
