"""What stands among the pure tests and is none fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.processes import ROOT

TESTS = """
import socket
import subprocess

import pytest

@pytest.fixture
def browser():
    pytest.exit("started")

def test_that_is_pure(tmp_path):
    assert tmp_path.exists()

def test_that_asks_for_a_server(browser):
    pass

def test_that_connects():
    with socket.socket() as one:
        one.connect(("127.0.0.1", 9))

def test_that_listens():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))

def test_that_starts_a_process():
    subprocess.run(["true"], check=True)
"""


PURE = ("-p", "tests.support.pure", "-m", "pure")


def test_no_server_is_used_among_pure_tests(tmp_path: Path) -> None:
    file = tmp_path / "pure" / "test_several.py"
    file.parent.mkdir()
    file.write_text(TESTS)
    # Its summary says everything again in CI.
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rN", *PURE, f"--rootdir={tmp_path}", str(file)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "3 failed, 1 passed, 1 error" in done.stdout, done.stdout + done.stderr
    assert "needs `browser`. Move it out of `pure`." in done.stdout
    assert done.stdout.count("starts a process. Move it out of `pure`.") == 3
