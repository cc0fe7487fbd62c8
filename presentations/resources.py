"""Files that are not code: beside the package in the repository, inside it once it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Where the file or folder `name` is: schema.sql, templates or static."""
    installed = _PACKAGE / name
    return installed if installed.exists() else _PACKAGE.parent / name
