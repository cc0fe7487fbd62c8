"""schemathesis over the whole API, on real servers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from presentations.accounts import SCOPES, Accounts, Tokens
from presentations.library import Library
from presentations.operations import Controls
from tests.support.processes import ROOT

Run = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.timeout(900)  # thousands of requests: a busy machine takes minutes


@pytest.fixture
def schemathesis(start_web: Callable[..., str], library: Library, accounts: Accounts, tmp_path: Path) -> Run:
    """Runs it on a server of its own, with these arguments."""
    web = start_web(API_RATE_LIMIT="1000000", WEBHOOK_ALLOW_PRIVATE="1", PYTHONWARNINGS="default")
    Controls(library.database, library.engine).set_max_waiting(10_000)
    accounts.add("admin", "Ann", "ann@school.example", role="admin")
    secret = Tokens(library.database).make("admin", "fuzzing", SCOPES, acts_for_all=True)[1]
    command = ["schemathesis", "run", f"{web}/api/openapi.json", "-H", f"Authorization: Bearer {secret}"]
    command += ["--checks", "all", "--max-examples", "8", "--continue-on-failure", "--generation-database", "none"]
    command += ["--seed", os.environ.get("FUZZING_SEED", "1")]
    hooks = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.support.fuzzing"}
    hooks["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".hypothesis")  # where its tables of characters are kept

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).parent / command[0]), *command[1:], *arguments, "--report-dir", str(tmp_path)],
            env=hooks | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_schemathesis_finds_nothing(schemathesis: Run) -> None:
    done = schemathesis("--exclude-operation-id", "addFile")
    assert done.returncode == 0, done.stdout + done.stderr


def test_schemathesis_finds_nothing_in_forms(schemathesis: Run) -> None:
    operations = ("--include-operation-id", "addFile", "--include-operation-id", "createPresentation")
    # The limits of each field are those of the JSON; and a link gives one id for a list, which in a form is the same.
    done = schemathesis(*operations, "--phases", "fuzzing", "--max-examples", "40", FUZZING_FORMS="1")
    assert done.returncode == 0, done.stdout + done.stderr
