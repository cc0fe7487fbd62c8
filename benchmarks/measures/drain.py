"""C: generations that take no time, and what a worker process makes of a whole line of them."""

from __future__ import annotations

import signal
import time

from benchmarks.processes import cost, signal_group, wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system, topics


def drain(name: str, servers: Servers, size: Size) -> Result:
    """How many a second, and CPU milliseconds for each, by a worker that is frozen while the line is made."""
    servers.stub.reset(0)
    with system(name, servers, threads=8) as one:
        worker = one.start_worker(warm=True)
        signal_group(worker, signal.SIGSTOP)
        first = one.done()
        one.create(topics(size.drained))
        before = cost(worker).seconds
        begun = time.monotonic()
        signal_group(worker, signal.SIGCONT)
        wait_until(lambda: one.done() >= first + size.drained, size.patience)
        ended = time.monotonic()
        done = one.done() - first
        time.sleep(0.5)
        spent = cost(worker).seconds - before
    if not done:
        return Result("none done")
    return Result(per_second=done / (ended - begun), cpu_ms=1000 * spent / done)
