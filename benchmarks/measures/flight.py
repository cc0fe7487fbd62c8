"""E: many long generations at once in one worker process."""

from __future__ import annotations

import os
import time

import psutil

from benchmarks.processes import cost, wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Flight, Size
from benchmarks.system import system, topics


def flight(name: str, servers: Servers, size: Size) -> Result:
    """As many as a large school has: see `fly`."""
    return fly(name, servers, size.flight, size.patience)


def big_flight(name: str, servers: Servers, size: Size) -> Result:
    """Five times as many, which one process should bear as well."""
    return fly(name, servers, size.big_flight, size.patience)


def fly(name: str, servers: Servers, planned: Flight, patience: int) -> Result:
    """Seconds until the last is done, CPU seconds and most MB of the worker, and how busy the machine was, in %."""
    servers.stub.reset(0)
    with system(name, servers, threads=planned.count) as one:
        worker = one.start_worker(warm=True)
        servers.stub.reset(planned.seconds)
        before, machine, begun = cost(worker).seconds, _busy(), time.monotonic()
        one.create(topics(planned.count))
        memory = [cost(worker).memory]

        def is_over() -> bool:
            memory.append(cost(worker).memory)
            return servers.stub.count("done") >= planned.count

        wait_until(is_over, planned.seconds + patience, pause=1)
        done = servers.stub.seen("done")
        if len(done) < planned.count:
            return Result(f"{len(done)} of {planned.count}")
        last = max(max(times) for times in done.values()) - begun
        busy = 100 * (_busy() - machine) / (time.monotonic() - begun) / (os.cpu_count() or 1)
        time.sleep(1)
        return Result(last_s=last, cpu_s=cost(worker).seconds - before, memory_mb=max(memory), machine_percent=busy)


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))
