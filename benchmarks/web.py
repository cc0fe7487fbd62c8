"""Lectern's web, as gunicorn serves it, and somebody who has signed in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
import requests

from benchmarks.meter import Meter
from benchmarks.processes import free_port, kill, wait_until
from benchmarks.servers import ROOT
from benchmarks.system import Failed, System

TEACHER = "teacher"


class Web:
    """A web of so many processes, whose limits on how often somebody may ask are out of the way."""

    def __init__(self, system: System, processes: int, meter: Meter | None) -> None:
        self._system, self.port = system, free_port()
        more = {"PORT": str(self.port), "WEB_PROCESSES": str(processes), "API_RATE_LIMIT": "1000000"}
        self._environment = system.environment | more
        if meter:
            self._environment["DATABASE_URL"] = meter.through(self._environment["DATABASE_URL"])
        self.process = system.popen("web", [sys.executable, "-m", "presentations", "web"], self._environment)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether it can be used; raises Failed when it has ended."""
        if self.process.poll() is not None:
            raise Failed(f"The web has ended. {self._system.end_of('web')}")
        with suppress(requests.ConnectionError):
            return requests.get(f"{self.url}/healthz", timeout=30).ok
        return False

    def signed_in(self) -> requests.Session:
        """The browser of a teacher, whose account is made first."""
        with suppress(Failed):
            self.command("user", "add", TEACHER, "rosa@school.example", "Rosa Martin")
        link = re.search(r"/sign-in/\S+", self.command("user", "link", TEACHER))
        assert link
        browser = requests.Session()
        browser.get(self.url + link[0], timeout=30).raise_for_status()
        return browser

    def token(self) -> str:
        """Of the agent of an LMS, which acts for everybody."""
        self.command("user", "add", "lms", "lms@school.example", "LMS", "--role", "admin")
        said = self.command("token", "add", "lms", "for the benchmark", "--acts-for-all")
        token = re.search(r"lectern_\S+", said)
        assert token
        return token[0]

    def command(self, *arguments: str) -> str:
        """What `lectern ...` says; raises Failed."""
        command = [sys.executable, "-m", "presentations", *arguments]
        run = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True)
        if run.returncode:
            raise Failed(f"lectern {' '.join(arguments)} failed. {run.stderr[-800:]}")
        return run.stdout


@contextmanager
def web(system: System, processes: int = 1, meter: Meter | None = None) -> Iterator[Web]:
    """A web that answers, for as long as the block lasts; its statements pass the meter."""
    one = Web(system, processes, meter)
    try:
        if not wait_until(one.answers, 60, pause=0.1):
            raise Failed(f"The web did not answer in 60 seconds. {system.end_of('web')}")
        yield one
    finally:
        one.process.terminate()
        with suppress(psutil.TimeoutExpired):
            one.process.wait(10)
        kill(one.process)
