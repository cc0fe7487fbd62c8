"""MCP over HTTP, and who may call it.

Everybody acts as the holder of the token that they send; the server may be bound to a user besides, as whom all others
act. Then it listens on loopback unless there is a secret for those. It answers no page of another site that a browser
has open.
"""

from __future__ import annotations

import logging
import os
import socket
from ipaddress import IPv4Address, IPv6Address

import uvicorn
from anyio import to_thread
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from presentations.errors import InvalidRequest, LecternError, NotAllowed, SettingsError, shown
from presentations.mcp.callers import Callers, Unauthorised
from presentations.mcp.server import server_for
from presentations.settings import Settings

PATH = "/mcp"
_MOST_BYTES = 256 * 1024
_STOP_SECONDS = 3
_RETRY_SECONDS = "30"

log = logging.getLogger(__name__)


class Guard:
    """Lets nobody through but known callers, at known names of this server, and notes who they are."""

    def __init__(self, app: ASGIApp, callers: Callers, known: TransportSecuritySettings) -> None:
        self._app = app
        self._callers = callers
        self._known = TransportSecurityMiddleware(known)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        foreign = await self._known.validate_request(Request(scope))
        if foreign:
            return _foreign(foreign.status_code, Headers(scope=scope))
        # Elsewhere is nothing: clients that look for OAuth there are to learn that, and not that a token is missing.
        if scope["path"] != PATH:
            return None
        try:
            scope["user"] = await to_thread.run_sync(self._callers.of, Headers(scope=scope))
        except LecternError as error:
            return _refused(error)
        return None


def application(callers: Callers, host: str, port: int, settings: Settings) -> ASGIApp:
    """The server as an ASGI application, which is to be reached at this address."""
    known = _known_callers(host, port, settings.allowed_hosts)
    app = server_for(None).streamable_http_app(
        streamable_http_path=PATH, max_request_body_size=_MOST_BYTES, transport_security=known
    )
    return Guard(app, callers, known)


def serve_http(callers: Callers, address: IPv4Address | IPv6Address, port: int, settings: Settings) -> None:
    """Listen on `address` and `port` (0: any that is free), say where, and serve until SIGTERM or Ctrl-C.

    Raises SettingsError when others could act as the user that it is bound to, or when it cannot be listened on.
    """
    host = str(address)
    if callers.user_id is not None and not callers.shared and not address.is_loopback:
        raise SettingsError(
            f"MCP_TOKEN is not set: expected a value, since --host is {host!r}, which others can reach. "
            "Without --user and MCP_USER, everybody acts as the holder of the token that they send"
        )
    with _listening(host, port, socket.AF_INET6 if address.version == 6 else socket.AF_INET) as own:
        port = own.getsockname()[1]
        config = uvicorn.Config(
            application(callers, host, port, settings),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
        whom = "the holder of each token" if callers.user_id is None else repr(callers.user_id)
        log.info("The MCP server is at http://%s%s, and acts as %s", _joined(host, port), PATH, whom)
        uvicorn.Server(config).run(sockets=[own])


def _listening(host: str, port: int, family: socket.AddressFamily) -> socket.socket:
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise SettingsError(
            f"--host is {host!r} and --port is {port}: {why}; expected an address of this machine, and a port that is "
            "free, or 0 for any"
        ) from None


def _foreign(status: int, headers: Headers) -> Response:
    if status == 403:
        said = (
            f"The Origin {shown(headers.get('origin'))} is not one of this server, which no page of another site may "
            "use: name that site in ALLOWED_HOSTS if it is Lectern's."
        )
    else:
        said = f"The Host {shown(headers.get('host'))} is not a name of this server: name it in ALLOWED_HOSTS."
    return JSONResponse({"error": said}, status)


def _refused(error: LecternError) -> Response:
    said = f"{str(error).rstrip('.')}."
    headers: dict[str, str] = {}
    match error:
        case Unauthorised():
            status, code = 401, "invalid_token"
            # RFC 6750, 3.1: who sent nothing is told of no error.
            wrong = f', error="{code}", error_description="{error}"' if error.is_wrong else ""
            headers["WWW-Authenticate"] = f'Bearer realm="Lectern"{wrong}'
        case NotAllowed():
            status, code = 403, "not_allowed"
        case InvalidRequest():
            status, code = 400, "invalid_request"
        case _:
            log.warning("a call over HTTP was refused: %s", error)
            status, code = 503, "unavailable"
            headers["Retry-After"] = _RETRY_SECONDS
    return JSONResponse({"error": code, "error_description": said}, status, headers)


def _known_callers(host: str, port: int, names: tuple[str, ...]) -> TransportSecuritySettings:
    own = [_joined(name, port) for name in ("127.0.0.1", "localhost", "::1", host)]
    return TransportSecuritySettings(
        allowed_hosts=[*own, *names, *(f"{name}:{port}" for name in names)],
        allowed_origins=[*(f"http://{one}" for one in own), *(f"https://{name}" for name in names)],
    )


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
