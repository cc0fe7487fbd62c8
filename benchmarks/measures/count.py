"""I: what a presentation asks of PostgreSQL, Redis and Presenton, and what it costs while it waits or runs."""

from __future__ import annotations

import time

from benchmarks.meter import Counts, Meter, metered
from benchmarks.processes import wait_until
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import Failed, System, system, topics

_RUNNING, _WAITING = 20, 50


def count(name: str, servers: Servers, size: Size) -> Result:
    """Statements, KB and calls of one presentation, and a minute of an idle worker, of one that runs, and waits."""
    with metered(servers) as meter, system(name, servers, _RUNNING, meter=meter) as one:
        servers.stub.reset(0)
        one.start_worker(warm=True)
        time.sleep(5)  # until each of its threads has begun
        idle = _window(meter, size.window)
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
    time.sleep(2)
    spent, part = meter.counts() - before, (time.monotonic() - begun) / size.window
    return {
        "statements": (spent.statements - idle.statements * part) / size.counted,
        "trips": (spent.trips - idle.trips * part) / size.counted,
        "database_kb": (spent.database_bytes - idle.database_bytes * part) / size.counted / 1000,
        "redis_calls": (spent.redis_calls - idle.redis_calls * part) / size.counted,
    }


def _window(meter: Meter, seconds: int) -> Counts:
    """What is counted in so many seconds, once what was asked for has come to rest."""
    time.sleep(2)
    before = meter.counts()
    time.sleep(seconds)
    return meter.counts() - before
