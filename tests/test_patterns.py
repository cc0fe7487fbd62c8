"""No regular expression that meets a stranger's text takes steps without end for a megabyte of the worst."""

from __future__ import annotations

import subprocess
import sys

from tests.support.patterns import ROOT


def test_a_megabyte_of_the_worst_takes_few_steps() -> None:
    command = [sys.executable, "-m", "tests.support.patterns"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    # A negative status is that of the signal which says that too much of the processor was used.
    assert ended.returncode == 0, f"{(ended.stdout.splitlines() or [''])[-1]}\n{ended.stderr}"
