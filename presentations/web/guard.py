"""What every request and every answer goes through."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, abort, request

from presentations.settings import Settings

# Werkzeug's own TRUSTED_HOSTS cannot spell [::1].
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.before_request(_refuse_other_hosts)
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
    if not _LOOPBACK.fullmatch(request.headers.get("Host", "")):
        abort(400, "Lectern is only reached as 127.0.0.1 or localhost, on the machine that it runs on.")


def _add_headers(response: Response) -> Response:
    response.headers.extend(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
