"""G: Redis loses all it holds while 50 wait."""

from __future__ import annotations

import time

from benchmarks.processes import wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system, topics

_COUNT = 50


def empty(name: str, servers: Servers, size: Size) -> Result:
    """Seconds from then, when a worker comes up at once, until the first and the last of them are begun."""
    servers.stub.reset(0)
    with system(name, servers) as one:
        one.create(topics(_COUNT))
        servers.empty_redis()
        begun = time.monotonic()
        one.start_worker()
        wait_until(lambda: servers.stub.count() >= _COUNT, min(size.patience, 90))
        taken = sorted(times[0] - begun for times in servers.stub.seen().values())
    if len(taken) < _COUNT:
        return Result(f"{len(taken)} of {_COUNT}" if taken else "lost")
    return Result(first_s=taken[0], last_s=taken[-1])
