"""A: how long asking for a presentation takes, by somebody who has asked before."""

from __future__ import annotations

from benchmarks.result import Result, percentile
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system, topics


def create(name: str, servers: Servers, size: Size) -> Result:
    """Milliseconds from the call until it has returned, one after the other."""
    with system(name, servers) as one:
        one.create(topics(min(50, size.creates)))
        took = [1000 * (taken - begun) for begun, taken in one.create(topics(size.creates, 1000))]
    return Result(p50_ms=percentile(took, 50), p99_ms=percentile(took, 99))
