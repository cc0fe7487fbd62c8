"""I: what a presentation asks of PostgreSQL, Redis and Presenton, and what it costs while it waits or runs."""

from __future__ import annotations

import time

from benchmarks.meter import Counts, Meter, metered
from benchmarks.processes import cost, wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import Failed, System, system, topics

_RUNNING, _WAITING = 20, 50
# Seconds until what was asked for has come to rest.
_REST = 2


def count(name: str, servers: Servers, size: Size) -> Result:
    """What one presentation costs, and a minute of an idle worker, of one that runs, and of one that waits."""
    with metered(servers) as meter, system(name, servers, _RUNNING, meter=meter) as one:
        servers.stub.reset(0)
        worker = one.start_worker(warm=True)
        time.sleep(5)  # until each of its threads has begun
        before = cost(worker).seconds
        idle = _window(meter, size.window)
        idle_cpu = (cost(worker).seconds - before) / (size.window + _REST)
        each = _each(one, meter, size, idle)
        servers.stub.reset(100_000)
        one.create(topics(_RUNNING, 200_000))
        if not wait_until(lambda: servers.stub.count() >= _RUNNING, size.patience):
            raise Failed(f"{name} has begun {servers.stub.count()} of {_RUNNING}")
        running = _window(meter, size.window)
        one.create(topics(_WAITING, 300_000))
        waiting = _window(meter, size.window)
    minute = 60 / size.window
    return Result(
        **each,
        idle_statements=idle.statements * minute,
        idle_redis_calls=idle.redis_calls * minute,
        idle_cpu_s=60 * idle_cpu,
        running_statements=(running - idle).statements * minute / _RUNNING,
        running_redis_calls=(running - idle).redis_calls * minute / _RUNNING,
        running_calls=(running - idle).presenton_calls * minute / _RUNNING,
        waiting_statements=(waiting - running).statements * minute / _WAITING,
        waiting_redis_calls=(waiting - running).redis_calls * minute / _WAITING,
    )


def _each(one: System, meter: Meter, size: Size, idle: Counts) -> dict[str, float]:
    """One presentation, from asking to its end, without what the worker would have done anyway."""
    before, begun, first = meter.counts(), time.monotonic(), one.done()
    one.create(topics(size.counted, 100_000))
    wait_until(lambda: one.done() >= first + size.counted, size.patience)
    time.sleep(_REST)
    spent, part = meter.counts() - before, (time.monotonic() - begun) / size.window
    return {
        "statements": (spent.statements - idle.statements * part) / size.counted,
        "trips": (spent.trips - idle.trips * part) / size.counted,
        "database_kb": (spent.database_bytes - idle.database_bytes * part) / size.counted / 1000,
        "redis_calls": (spent.redis_calls - idle.redis_calls * part) / size.counted,
    }


def _window(meter: Meter, seconds: int) -> Counts:
    """What is counted in so many seconds, after a rest."""
    time.sleep(_REST)
    before = meter.counts()
    time.sleep(seconds)
    return meter.counts() - before
