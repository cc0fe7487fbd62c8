"""Beside a running `make run` its port and its demo are found, and none of one that has gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentations.local import load_beside_run
from presentations.local.announcement import announced
from tests.support.keys import SECRET_KEY
from tests.support.processes import Process

URL = "http://127.0.0.1:4711"
RUN = {"PORT": "8123", "PRESENTON_URL": URL}
ANNOUNCE = """
import sys, time
from pathlib import Path
from presentations.local.announcement import announced
with announced(Path(sys.argv[1]), {"PRESENTON_URL": sys.argv[2]}):
    print("announced", flush=True)
    time.sleep(600)
"""


def found(var_dir: Path, **environment: str) -> str | None:
    return load_beside_run({"VAR_DIR": str(var_dir), **environment}).presenton_url


def test_it_is_found_while_it_runs(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere") is None
    with announced(tmp_path, RUN):
        assert found(tmp_path) == found(tmp_path) == found(tmp_path, PRESENTON_URL=" ") == URL
        assert load_beside_run({"VAR_DIR": str(tmp_path)}).web_url == "http://127.0.0.1:8123"
    assert found(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_two_of_them_are_two(tmp_path: Path) -> None:
    with announced(tmp_path, RUN), announced(tmp_path, {"PRESENTON_URL": "http://127.0.0.1:4712"}):
        assert found(tmp_path) == "http://127.0.0.1:4712"


def test_one_that_was_killed_misleads_nobody(tmp_path: Path) -> None:
    process = Process(["-c", ANNOUNCE, str(tmp_path), URL], {}, tmp_path / "log")
    process.wait_for("announced")
    assert found(tmp_path) == URL
    process.kill()
    assert URL in (tmp_path / "run.json").read_text()
    assert found(tmp_path) is None


@pytest.mark.parametrize(
    "environment",
    [
        {"PRESENTON_URL": "http://presenton.example"},
        {"APP_ENV": "production", "DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://a", "SECRET_KEY": SECRET_KEY},
    ],
    ids=["a Presenton is set", "production"],
)
def test_it_is_not_asked_for(tmp_path: Path, environment: dict[str, str]) -> None:
    with announced(tmp_path, RUN):
        assert found(tmp_path, **environment) == environment.get("PRESENTON_URL")
