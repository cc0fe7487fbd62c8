"""H: SIGTERM with 20 generations in flight, as each deployment sends."""

from __future__ import annotations

import signal
import statistics
import time

from benchmarks.processes import wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system

_COUNT, _SECONDS = 20, 15


def stop(name: str, servers: Servers, size: Size) -> Result:
    """Seconds until the process is gone, and how often each was made in the end, when the next worker has been up."""
    with system(name, servers) as one:
        worker = one.start_busy_worker(_COUNT, _SECONDS, size.patience)
        begun = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        if wait_until(lambda: worker.poll() is not None, size.patience) is None:
            return Result("never")
        took = time.monotonic() - begun
        one.start_worker()
        wait_until(lambda: servers.stub.count("done") >= _COUNT, min(size.patience, 90))
        done = servers.stub.count("done")
        generations = statistics.mean(len(times) for times in servers.stub.seen().values())
    said = None if done >= _COUNT else f"{done} of {_COUNT} done"
    return Result(said, gone_s=took, generations=generations)
