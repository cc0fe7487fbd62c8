"""What a nursery starts is as if Python had started it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.support.nursery import Nursery
from tests.support.processes import Process
from tests.support.waiting import PATIENCE, eventually

PROGRAM = """
import atexit, os, sys, threading, time, warnings
atexit.register(print, "at its end")
print(sys.argv[1:], __name__, sorted(os.environ), sys.stdin.read())
print([name for name in sys.modules if name.startswith(("presentations", "prometheus_client"))])
if sys.argv[1] == "waits":
    print("waiting", flush=True)
    time.sleep(600)
if sys.argv[1] == "warns":
    warnings.warn("careful")
threading.Thread(target=lambda: print("in a thread")).start()
sys.exit(sys.argv[1])
"""

LOOKS = """
import os
class Watched(dict):
    def get(self, name, default=None):
        print("looked at", name)
        return default
    def __getitem__(self, name):
        self.get(name)
        raise KeyError(name)
    def __contains__(self, name):
        return bool(self.get(name))
os.environ, os.getenv = Watched(), Watched().get
import presentations.worker
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    return str(file)


@pytest.mark.parametrize("case", ["says", "warns"])
def test_it_prints_and_ends_alike(program: str, case: str, tmp_path: Path, nursery: Nursery) -> None:
    by = {"Python": None, "nursery": nursery}
    ran = {who: Process([program, case], {"A": "1"}, tmp_path / who, nursery=nursery) for who, nursery in by.items()}
    assert {one.popen.wait(PATIENCE) for one in ran.values()} == {1}
    # A traceback through the nursery is longer.
    said = {who: sorted(line for line in one.log.splitlines() if line[0] != " ") for who, one in ran.items()}
    assert said["nursery"] == said["Python"]
    assert {"[]", "at its end"} < set(said["nursery"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_can_be_ended(program: str, number: signal.Signals, tmp_path: Path, nursery: Nursery) -> None:
    process = Process([program, "waits"], {}, tmp_path / "log", nursery=nursery)
    process.wait_for("waiting")
    assert process.popen.poll() is None
    assert process.stop(number) == -number
    eventually(lambda: not Path(f"/proc/{process.popen.pid}").exists())


def test_a_worker_looks_at_its_environment_only_when_it_runs(tmp_path: Path, nursery: Nursery) -> None:
    """So that a nursery may have loaded it before. Where the processes of a web count does not concern it."""
    script = tmp_path / "looks.py"
    script.write_text(LOOKS)
    process = Process([str(script)], {}, tmp_path / "log", nursery=nursery)
    assert process.popen.wait(PATIENCE) == 0, process.log
    assert {line for line in process.log.splitlines() if "PROMETHEUS_" not in line.upper()} == set(), process.log
