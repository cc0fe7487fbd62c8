"""What every request and every answer goes through."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface

from presentations.settings import Settings

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
_A_YEAR = 365 * 24 * 3600

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # What another site has opened gets no hold of our window, nor ours of one of its.
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Scripts, styles and pictures, which are the same for everybody, and pictures of slides, which only their teacher's
# browser keeps. All else is somebody's, and kept nowhere.
_KEPT = {"static", "docs.asset", "rq_dashboard.static", "files.picture"}


class _Sessions(SecureCookieSessionInterface):
    digest_method = staticmethod(hashlib.sha256)

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name(self.get_cookie_path(app))

    def get_cookie_secure(self, app: Flask) -> bool:
        return not is_loopback()

    def get_cookie_path(self, app: Flask) -> str:
        return request.script_root or "/"


def init_app(app: Flask) -> None:
    app.session_interface = _Sessions()
    app.before_request(_refuse_other_hosts)
    app.before_request(_refuse_unreadable)
    app.after_request(_add_headers)


def secret_key(settings: Settings) -> str:
    """The key of the settings, or else one that is made once and kept in VAR_DIR."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.var_dir / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


def _write_once(path: Path, text: str) -> None:
    """Several processes may do this at once: the first one's text stays, and is never seen half written."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # with mode 0600
    try:
        with open(handle, "w", encoding="ascii") as file:
            file.write(text)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


def _refuse_other_hosts() -> None:
    # A foreign name that resolves to this machine would let a foreign page read ours.
    if not is_loopback() and not {_host(), _name()} & set(current_app.config["ALLOWED_HOSTS"]):
        abort(
            400, "Lectern goes by another name: use 127.0.0.1, localhost, or one that ALLOWED_HOSTS says where it runs."
        )


def _refuse_unreadable() -> None:
    """What comes later, Flask-WTF among it, relies on these."""
    try:
        urlsplit(request.referrer or "")
    except ValueError:
        abort(400, "The header Referer is no address: leave it out.")
    try:
        _ = request.authorization
    except ValueError:  # base64 with letters that are none of its
        abort(400, "The header Authorization cannot be read: expected Bearer, and a token after it.")


def _host() -> str:
    return request.headers.get("Host", "").lower()


def _name() -> str:
    """The host without its port."""
    return re.sub(r":\d+$", "", _host())


def cookie_name(path: str, ending: str = "") -> str:
    """What a cookie of ours for this path is called, by RFC 6265bis, section 4.1.3.

    Off this machine browsers take it from https alone, and for / from no other host of the same domain.
    """
    prefix = "" if is_loopback() else "__Host-" if path == "/" else "__Secure-"
    return f"{prefix}{current_app.config['SESSION_COOKIE_NAME']}{ending}"


def is_loopback() -> bool:
    """Whether this request is for a name that only means this machine."""
    return _name() in _LOOPBACK


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if not is_loopback():
        response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
    if request.endpoint not in _KEPT or not response.cache_control:
        response.headers["Cache-Control"] = "no-store"
    return response
