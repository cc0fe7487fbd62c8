"""K: how many requests a second the web bears, by gunicorn with two processes, and where the time goes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.processes import cost
from benchmarks.profile import Unseen, shares
from benchmarks.result import Result
from benchmarks.servers import ROOT, Servers
from benchmarks.size import Size
from benchmarks.system import Failed, system
from benchmarks.visitor import Visitor
from benchmarks.web import TEACHER, Web, web

_STATUSES = {"page": "200", "look": "304", "status": "200", "create": "202"}
_CONNECTIONS = 8


def serve(name: str, servers: Servers, size: Size) -> Result:
    """Answers a second of each kind, CPU ms of web and PostgreSQL for each, and whose the web's own time is, in %."""
    figures: dict[str, float] = {}
    said = None
    with system(name, servers) as one, web(one, processes=2) as served:
        visitor = Visitor(served)
        _ask("create", served, [visitor.create(TEACHER)], count=20)
        for kind in _STATUSES:
            _await_a_minute_that_lasts(2 * size.load + 5)
            requests = _requests(kind, visitor)
            _ask(kind, served, requests, seconds=1)
            figures |= _measured(kind, served, requests, servers, size.load)
            try:
                figures |= _profiled(kind, served, requests, servers, size.load)
            except Unseen as unseen:
                said = str(unseen)
    return Result(said, **figures)


def _requests(kind: str, visitor: Visitor) -> list[str]:
    if kind == "create":
        # Nobody may have more than 20 waiting.
        return [visitor.create(f"teacher{n}") for n in range(5000)]
    return [{"page": visitor.page, "look": visitor.look, "status": visitor.status}[kind]()]


def _measured(kind: str, served: Web, requests: list[str], servers: Servers, seconds: int) -> dict[str, float]:
    processes = {"web": served.process, "database": servers.postgres}
    before = {name: cost(process).seconds for name, process in processes.items() if process}
    rate = _ask(kind, served, requests, seconds=seconds)
    spent = {name: cost(process).seconds - before[name] for name, process in processes.items() if process}
    return {kind: rate} | {f"{kind}_{name}_cpu_ms": 1000 * cpu / rate / seconds for name, cpu in spent.items()}


def _profiled(kind: str, served: Web, requests: list[str], servers: Servers, seconds: int) -> dict[str, float]:
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(_ask, kind, served, requests, seconds=seconds + 2)
        found = shares(served.process.pid, seconds, servers.folder)
        asking.result()
    return {f"{kind}_percent_{name}": percent for name, percent in found.items()}


def _ask(kind: str, served: Web, requests: list[str], seconds: float = 3600, count: int = 10**9) -> float:
    """Send these again and again; how many answers there were a second. Raises Failed when they are not as expected."""
    told = {"port": served.port, "requests": requests, "connections": _CONNECTIONS, "seconds": seconds, "count": count}
    command = [sys.executable, "-m", "benchmarks.load"]
    said = subprocess.run(command, cwd=ROOT, input=json.dumps(told), stdout=subprocess.PIPE, text=True, check=True)
    answers: dict[str, float] = json.loads(said.stdout)
    if answers.keys() != {_STATUSES[kind]}:
        raise Failed(f"Asking for {kind} was answered by {answers}")
    return answers[_STATUSES[kind]]


def _await_a_minute_that_lasts(seconds: int) -> None:
    """Pages say how many minutes ago something was, so each minute there is news for those who look."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left)
