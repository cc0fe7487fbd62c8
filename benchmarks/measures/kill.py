"""F: kill -9 with 20 generations in flight."""

from __future__ import annotations

import statistics
import time

from benchmarks.processes import kill as kill_process
from benchmarks.processes import wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import Failed, system, topics

_COUNT, _SECONDS = 20, 5


def kill(name: str, servers: Servers, size: Size) -> Result:
    """Seconds from the kill, after which the next worker comes up at once, until all are done; generations of each.

    Raises Failed when some were done before the kill.
    """
    with system(name, servers) as one:
        worker = one.start_busy_worker(_COUNT, _SECONDS, size.patience)
        kill_process(worker)
        killed = time.monotonic()
        _check_in_flight(servers)
        one.start_worker()
        done = wait_until(lambda: _are_done(servers), size.patience, pause=0.1)
        took = time.monotonic() - killed
        generations = statistics.mean(len(times) for times in servers.stub.seen().values())
    return Result(generations=generations, all_done_s=took) if done else Result("never", generations=generations)


def _check_in_flight(servers: Servers) -> None:
    if done := len(servers.stub.seen("done").keys() & set(topics(_COUNT))):
        raise Failed(
            f"{done} of {_COUNT} generations of {_SECONDS} s were done before their worker was killed: the machine is "
            "too busy for this measure. Take it again once nothing else runs"
        )


def _are_done(servers: Servers) -> bool:
    """Whether somebody living has heard of each that it is done."""
    return len(servers.stub.seen("done")) >= _COUNT
