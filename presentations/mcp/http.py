"""MCP over HTTP, and who may call it.

Everybody who gets through acts as the user that the server is bound to. So it listens on loopback unless there is a
token, and answers no page of another site that a browser on this machine has open.
"""

from __future__ import annotations

import hmac
import logging
import socket
from ipaddress import IPv4Address, IPv6Address

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from presentations.errors import SettingsError
from presentations.mcp.server import server_for
from presentations.settings import Settings

PATH = "/mcp"
_MOST_BYTES = 256 * 1024
_STOP_SECONDS = 3

log = logging.getLogger(__name__)


class TokenGuard:
    """Lets nobody through but those who send the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = Headers(scope=scope).get("authorization", "").encode("latin-1")
            if not hmac.compare_digest(given, self._expected):
                refusal = PlainTextResponse("A bearer token is needed.", 401, {"WWW-Authenticate": "Bearer"})
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def application(user_id: str, host: str, port: int, settings: Settings) -> ASGIApp:
    """The server for `user_id` as an ASGI application, which is to be reached at this address."""
    app = server_for(user_id).streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=_MOST_BYTES,
        transport_security=_known_callers(host, port, settings.allowed_hosts),
    )
    return TokenGuard(app, settings.mcp_token) if settings.mcp_token else app


def serve_http(user_id: str, address: IPv4Address | IPv6Address, port: int, settings: Settings) -> None:
    """Listen on `address` and `port` (0: any that is free), say where, and serve until SIGTERM or Ctrl-C.

    Raises SettingsError for an address outside this machine without a token, OSError when it cannot be listened on.
    """
    host = str(address)
    if not address.is_loopback and not settings.mcp_token:
        raise SettingsError(f"MCP_TOKEN is not set: expected a value, since --host is {host!r}, which others can reach")
    with socket.create_server((host, port), family=socket.AF_INET6 if address.version == 6 else socket.AF_INET) as own:
        port = own.getsockname()[1]
        config = uvicorn.Config(
            application(user_id, host, port, settings),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        log.info("The MCP server is at http://%s%s, and acts as %r", _joined(host, port), PATH, user_id)
        uvicorn.Server(config).run(sockets=[own])


def _known_callers(host: str, port: int, names: tuple[str, ...]) -> TransportSecuritySettings:
    own = [_joined(name, port) for name in ("127.0.0.1", "localhost", "::1", host)]
    return TransportSecuritySettings(
        allowed_hosts=[*own, *names],
        allowed_origins=[*(f"http://{one}" for one in own), *(f"https://{name}" for name in names)],
    )


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
