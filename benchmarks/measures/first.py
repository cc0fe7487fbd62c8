"""L: the first call of somebody who has just started, with the libraries that it needs."""

from __future__ import annotations

import statistics
import subprocess

from benchmarks.result import Result
from benchmarks.servers import ROOT, Servers
from benchmarks.size import Size
from benchmarks.system import Failed, system


def first(name: str, servers: Servers, size: Size) -> Result:
    """Milliseconds of importing and of asking in a fresh process; the first, which compiles, does not count."""
    with system(name, servers) as one:
        command = [one.python, "-m", "benchmarks.systems.first", name]
        times = []
        for _ in range(size.first_calls + 1):
            run = subprocess.run(command, cwd=ROOT, env=one.environment, capture_output=True, text=True)
            if run.returncode:
                raise Failed(f"The first call of {name} failed. {run.stderr[-800:]}")
            imported, asked = map(float, run.stdout.split())
            times.append((imported, asked))
    imports, calls = zip(*times[1:], strict=True)
    total = statistics.median(map(sum, times[1:]))
    return Result(total_ms=total, import_ms=statistics.median(imports), call_ms=statistics.median(calls))
