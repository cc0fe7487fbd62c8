"""How often somebody may try to guess a password, and how much one token may ask of the API."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import time
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import cast

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from redis.exceptions import RedisError

from presentations.accounts import checked_email
from presentations.errors import InvalidRequest
from presentations.jobs import quick_redis
from presentations.web.api.bearer import counted_as
from presentations.web.api.blueprint import api
from presentations.web.auth.account import account
from presentations.web.auth.sessions import user_id
from presentations.web.auth.signin import signin

log = logging.getLogger(__name__)

_PER_ACCOUNT = "10 per 15 minutes"
# A whole school may share one.
_PER_ADDRESS = "50 per 15 minutes"
_FAILED = (404, 422)
# Some proxies write the port as well: 192.0.2.1:443, [2001:db8::1]:443.
_WITH_PORT = re.compile(r"\[([^]]+)\](?::\d+)?|([^:]+):\d+")


def init_app(app: Flask, redis_url: str, api_requests: int) -> None:
    """Count in Redis; in memory while Redis is away, which is noticed within a second.

    Of sign-ins, what fails is counted: each before it is judged, so that many at once are not more, and what did not
    fail is taken off again. Of each token, `api_requests` a minute may be sent.
    """
    limiter = Limiter(
        _network,
        app=app,
        storage_uri="redis://",
        storage_options={"connection_pool": quick_redis(redis_url).connection_pool},  # type: ignore[dict-item]
        key_prefix="lectern",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
    )
    for blueprint, limit, key in (
        (signin, _PER_ACCOUNT, _account),
        (signin, _PER_ADDRESS, _network),
        (account, _PER_ACCOUNT, lambda: _digest(user_id())),
    ):
        limiter.limit(limit, key_func=key, methods=["POST"])(blueprint)
    limiter.shared_limit(f"{api_requests} per minute", scope="api", key_func=lambda: _digest(counted_as()))(api)
    app.extensions["limits"] = limiter
    app.after_request(_take_off_what_did_not_fail)
    app.after_request(_say_what_is_left)


def _take_off_what_did_not_fail(response: Response) -> Response:
    limiter = cast(Limiter, current_app.extensions["limits"])
    if request.blueprint == "api" or response.status_code in _FAILED:
        return response
    try:
        for counted in limiter.current_limits:
            limiter.limiter.hit(counted.limit, *counted.request_args, cost=-1)
    except RedisError as error:
        log.warning("an attempt to sign in stays counted: %s", error)
    return response


def _say_what_is_left(response: Response) -> Response:
    """How long to wait; for the API also the RateLimit fields of the IETF's draft."""
    limit = cast(Limiter, current_app.extensions["limits"]).current_limit
    if limit is None:
        return response
    window = limit.limit.get_expiry()
    seconds = min(window, max(1, math.ceil(limit.reset_at - time.time())))
    if response.status_code == 429 and limit.breached:
        response.headers["Retry-After"] = str(seconds)
    if request.blueprint == "api":
        response.headers["RateLimit-Policy"] = f"{limit.limit.amount};w={window}"
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
        response.headers["RateLimit-Reset"] = str(seconds)
    return response


def _account() -> str:
    """The account that is tried, whether it exists or not. A link does not say which: the address stands for it."""
    tried = request.form.get("email", _network())
    with suppress(InvalidRequest):
        tried = checked_email(tried)
    return _digest(tried)


def _digest(whose: str) -> str:
    """Redis holds nothing that anybody typed, and names nobody."""
    return hashlib.sha256(whose.encode()).hexdigest()


def _network() -> str:
    return network(get_remote_address())


def network(address: str) -> str:
    """What is counted as one address: that of IPv4, and of IPv6 the /64 that a household has at least (RFC 6177)."""
    found = _WITH_PORT.fullmatch(address)
    try:
        ip = ip_address(found[1] or found[2] if found else address)
    except ValueError:
        return address
    if isinstance(ip, IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Network((int(ip) >> 64 << 64, 64)))
