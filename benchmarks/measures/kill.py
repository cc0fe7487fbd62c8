"""F: kill -9 with 20 generations in flight."""

from __future__ import annotations

import statistics
import time

from benchmarks.processes import kill as kill_process
from benchmarks.processes import wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system

_COUNT, _SECONDS = 20, 5


def kill(name: str, servers: Servers, size: Size) -> Result:
    """Seconds from the kill, after which the next worker comes up at once, until all are done; generations of each."""
    with system(name, servers) as one:
        worker = one.start_busy_worker(_COUNT, _SECONDS, size.patience)
        kill_process(worker)
        killed = time.monotonic()
        one.start_worker()
        done = wait_until(lambda: _are_done(servers, killed), size.patience, pause=0.1)
        took = time.monotonic() - killed
        generations = statistics.mean(len(times) for times in servers.stub.seen().values())
    return Result(generations=generations, all_done_s=took) if done else Result("never", generations=generations)


def _are_done(servers: Servers, killed: float) -> bool:
    """Whether somebody living has heard of each that it is done."""
    done = servers.stub.seen("done")
    return len(done) >= _COUNT and all(times[-1] > killed for times in done.values())
