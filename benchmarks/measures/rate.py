"""B: how many presentations one process can ask for in a second."""

from __future__ import annotations

from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system, topics


def rate(name: str, servers: Servers, size: Size) -> Result:
    """Creates a second, by one thread and by four."""
    with system(name, servers) as one:
        one.create(topics(min(50, size.rated)), threads=4)
        alone = one.create(topics(size.rated, 1000))
        together = one.create(topics(size.rated, 100_000), threads=4)
    return Result(one_thread=_per_second(alone), four_threads=_per_second(together))


def _per_second(times: list[tuple[float, float]]) -> float:
    return len(times) / (max(taken for _, taken in times) - min(begun for begun, _ in times))
