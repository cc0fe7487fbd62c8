"""`python -m presentations.mcp`: the MCP server, for one user over standard input and output, or over HTTP."""

from __future__ import annotations

import argparse
import sys
from ipaddress import ip_address

from presentations import settings
from presentations.errors import LecternError, SettingsError, shown
from presentations.resources import how_to_add
from presentations.settings import Settings
from presentations.telemetry import logs
from presentations.validation import checked_user, whole_number


def main(arguments: list[str] | None = None, called: str = "python -m presentations.mcp") -> int:
    """Serve until the client leaves, or a signal comes. `called` is what its help calls it. Gives the exit status."""
    asked = _parser(called).parse_args(arguments)
    try:
        configured = settings.load()
        logs.set_up(configured.log_level)
        return _serve(asked, configured)
    except LecternError as error:
        print(error, file=sys.stderr)  # noqa: T201
    except ModuleNotFoundError as error:
        print(f"{error}: {how_to_add('mcp')}", file=sys.stderr)  # noqa: T201
    return 1


def _serve(asked: argparse.Namespace, configured: Settings) -> int:
    named, where = (configured.mcp_user, "MCP_USER") if asked.user is None else (asked.user, "--user")
    user_id = None if named is None else checked_user(named, where)
    if asked.http:
        from presentations.mcp.callers import Callers
        from presentations.mcp.http import serve_http

        if user_id is None and configured.mcp_token:
            raise SettingsError("MCP_USER is not set: expected the user_id as which whoever sends MCP_TOKEN acts")
        serve_http(Callers(user_id, configured.mcp_token), asked.host, asked.port, configured)
        return 0
    if user_id is None:
        raise SettingsError("MCP_USER is not set: expected the user_id that every call acts as, there or as --user")
    from presentations.mcp.server import serve_stdio

    serve_stdio(user_id)
    return 0


def _port(text: str) -> int:
    port = whole_number(text)
    if port is None or not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to 65535, got {shown(text)}")
    return port


def _parser(called: str) -> argparse.ArgumentParser:
    about = "An MCP server, over standard input and output or over HTTP."
    parser = argparse.ArgumentParser(prog=called, description=about)
    parser.add_argument(
        "--user", help="the user_id that calls without a token act as (default: MCP_USER); --http can do without"
    )
    parser.add_argument("--http", action="store_true", help="listen for HTTP instead of standard input")
    parser.add_argument(
        "--host", type=ip_address, default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument("--port", type=_port, default=8765, help="port to listen on (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
