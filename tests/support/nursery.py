"""Starts processes of Lectern without the second in which a Python loads the libraries.

`python -m tests.support.nursery` loads them once, and forks for each process that is asked for. Each of these loads
Lectern itself anew, in the environment that it is given; but for what of it the nursery is told to load as well:
`python -m tests.support.nursery presentations.worker`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from signal import SIGKILL
from typing import Any

ROOT = Path(__file__).parents[2]
# Not prometheus_client: gunicorn.conf.py tells it, by the environment, where to keep its numbers, before it is loaded.
LIBRARIES = (
    *("apiflask", "argon2", "authlib.integrations.flask_client", "flask_limiter", "flask_login", "flask_sqlalchemy"),
    *(
        "flask_swagger_ui",
        "flask_wtf",
        "gunicorn.app.wsgiapp",
        "gunicorn.workers.gthread",
        "idna",
        "joserfc",
        "mcp.server",
    ),
    *("psycopg2.errors", "pythonjsonlogger.json", "redis", "regex", "requests", "rq.worker", "rq_dashboard"),
    *("sqlalchemy.dialects.postgresql.psycopg2", "sqlalchemy.orm", "standardwebhooks", "uvicorn", "zxcvbn"),
)


class Forked:
    """A process that a nursery has started; it is used as a subprocess.Popen is."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery, self.pid = nursery, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.status_of(self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.02)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(SIGKILL)


class Nursery:
    """The process that forks, seen from the tests. `loaded` are modules that its forks have loaded already."""

    def __init__(self, *loaded: str) -> None:
        self._one_at_a_time = threading.Lock()
        self._popen = subprocess.Popen(
            [sys.executable, "-m", __name__, *loaded],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> Forked:
        """`python` with these arguments in the root of Lectern, its output added to a file."""
        return self._start(arguments, environment, [Path(os.devnull), log, log])

    def run(
        self, arguments: list[str], environment: Mapping[str, str], folder: Path, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """The same as subprocess.run() gives it; what is typed and said is kept in files of a folder."""
        files = [folder / name for name in ("typed", "said", "complained")]
        for file, content in zip(files, (typed, "", ""), strict=True):
            file.write_text(content)
        status = self._start(arguments, environment, files).wait(60)
        return subprocess.CompletedProcess(arguments, status, files[1].read_text(), files[2].read_text())

    def _start(self, arguments: list[str], environment: Mapping[str, str], files: list[Path]) -> Forked:
        asked = {"arguments": arguments, "environment": dict(environment), "files": [str(file) for file in files]}
        return Forked(self, self._ask(asked))

    def status_of(self, pid: int) -> int | None:
        """As Popen.poll() gives it."""
        status: int | None = self._ask({"pid": pid})
        return status

    def close(self) -> None:
        """End it; what it has started goes on."""
        self._popen.communicate()

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._popen.stdin
        assert self._popen.stdout
        with self._one_at_a_time:
            self._popen.stdin.write(json.dumps(question) + "\n")
            self._popen.stdin.flush()
            return json.loads(self._popen.stdout.readline())


def _serve() -> dict[str, Any] | None:
    """Fork for each that is asked for, and tell how they ended. In a fork, gives what was asked; at the end, None."""
    with open(0, "rb", buffering=0, closefd=False) as questions:  # a fork must not inherit what was read ahead
        for line in questions:
            asked: dict[str, Any] = json.loads(line)
            if "pid" in asked:
                pid, status = os.waitpid(asked["pid"], os.WNOHANG)
                answer = os.waitstatus_to_exitcode(status) if pid else None
            elif not (answer := os.fork()):
                return asked
            os.write(1, json.dumps(answer).encode() + b"\n")
    return None


def _become(arguments: list[str], environment: dict[str, str], files: list[str]) -> None:
    """What `python` does with these arguments; the files are its standard input, output and errors."""
    for number, file in enumerate(files):
        opened = os.open(file, os.O_WRONLY | os.O_APPEND if number else os.O_RDONLY)
        os.dup2(opened, number)
        os.close(opened)
    # Python itself sets LC_CTYPE, where nothing else says how text is written.
    coerced = {"LC_CTYPE": os.environ["LC_CTYPE"]} if "LC_CTYPE" in os.environ else {}
    os.environ.clear()
    os.environ.update(coerced | environment)
    match arguments:
        case ["-m", module, *rest]:
            sys.argv = [module, *rest]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case ["-c", code, *rest]:
            sys.argv = ["-c", *rest]
            exec(code, {"__name__": "__main__"})
        case [script, *rest]:
            sys.argv = [script, *rest]
            runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    for name in (*LIBRARIES, *sys.argv[1:]):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    if request := _serve():
        _become(**request)
