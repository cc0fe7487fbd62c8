"""Files that are not code: beside the package in the repository, inside it once it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Where the file or folder `name` is: schema.sql, templates, static or gunicorn.conf.py."""
    installed = _PACKAGE / name
    return installed if installed.exists() else _PACKAGE.parent / name


def how_to_add(extra: str) -> str:
    """The command that installs what an extra of Lectern needs: `embedded` or `mcp`."""
    # Never just "lectern[...]": the project that has this name on PyPI is another.
    requirements = f"requirements-{extra}.txt"
    is_repository = (_PACKAGE.parent / requirements).exists()
    return f"pip install -r {requirements}" if is_repository else f"pip install '/path/to/lectern[{extra}]'"


WEB = ("-m", "gunicorn", "--config", str(resource("gunicorn.conf.py")), "presentations.web:from_environment()")
"""What Python is started with to serve the web."""
