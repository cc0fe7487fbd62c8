"""schemathesis over the whole API, on real servers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.database import Database
from tests.support.processes import ROOT


def test_schemathesis_finds_nothing(
    start_web: Callable[..., str], database: Database, accounts: Accounts, tmp_path: Path
) -> None:
    web = start_web(API_RATE_LIMIT="1000000", WEBHOOK_ALLOW_PRIVATE="1", PYTHONWARNINGS="default")
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    secret = Tokens(database).make("admin", "fuzzing", SCOPES, acts_for_all=True)[1]
    command = ["schemathesis", "run", f"{web}/api/openapi.json", "-H", f"Authorization: Bearer {secret}"]
    command += ["--checks", "all", "--max-examples", "8", "--continue-on-failure", "--generation-database", "none"]
    command += [
        "--include-operation-id",
        "addFile",
        "--output-sanitize",
        "false",
        "--seed",
        os.environ.get("FUZZING_SEED", "1"),
    ]
    done = subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:], "--report-dir", str(tmp_path)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.support.fuzzing"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
