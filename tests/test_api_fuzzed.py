"""schemathesis over the whole API, on real servers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from presentations.accounts import Accounts
from presentations.db import Database
from presentations.tokens import SCOPES, Tokens
from tests.processes import ROOT, Process
from tests.waiting import eventually


@pytest.fixture
def web(environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of the web, served as in production."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served = environment | {"PORT": str(port), "API_RATE_LIMIT": "1000000", "PYTHONWARNINGS": "default"}
    served["WEBHOOK_ALLOW_PRIVATE"] = "1"
    process = Process(["-m", "gunicorn", "wsgi:app"], served, tmp_path / "web.log")
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(url))
        yield url
    finally:
        process.stop()
        print(process.log)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/openapi.json", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.timeout(240)
def test_schemathesis_finds_nothing(web: str, database: Database, accounts: Accounts, tmp_path: Path) -> None:
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    secret = Tokens(database).make("admin", "fuzzing", SCOPES, acts_for_all=True)[1]
    command = ["schemathesis", "run", f"{web}/api/openapi.json", "-H", f"Authorization: Bearer {secret}"]
    command += ["--checks", "all", "--max-examples", "15", "--continue-on-failure", "--generation-database", "none"]
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:], "--report-dir", str(tmp_path)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.fuzzing"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
