"""Real worker processes for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


class Process:
    """A command of Lectern's, with its output in a file."""

    def __init__(self, arguments: Iterable[str], environment: dict[str, str], log: Path, folder: Path = ROOT) -> None:
        self._log = log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=folder,
                env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def lines(self, *words: str) -> list[str]:
        """The log lines that hold all of these words."""
        return [line for line in self.log.splitlines() if all(word in line for word in words)]

    def wait_for(self, *words: str) -> str:
        return eventually(lambda: self.lines(*words))[0]

    def send(self, number: signal.Signals) -> None:
        self.popen.send_signal(number)

    def kill(self) -> None:
        """kill -9: nothing is tidied up."""
        self.popen.kill()
        self.popen.wait(10)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and give its exit status."""
        self.send(number)
        return self.popen.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
