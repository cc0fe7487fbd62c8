"""Scripts, styles and pictures: at addresses that change with their content, so that browsers keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory

from presentations.resources import resource

_A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Serve the folder `static`; scripts that load each other find all of them in the folder of one version."""
    folder = resource("static")
    present = _digest(folder)

    def static(filename: str, version: str = "") -> Response:
        # During an upgrade a page may come from one process and its script from an older one, which must not stay.
        if version != present:
            return send_from_directory(folder, filename)
        response = send_from_directory(folder, filename, max_age=_A_YEAR)
        response.cache_control.immutable = True
        return response

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", present)

    app.add_url_rule("/static/<version>/<path:filename>", "static", static)
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.url_defaults(add_version)


def _digest(folder: Path) -> str:
    # Of all of them together, since scripts load each other by relative addresses.
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:12]
