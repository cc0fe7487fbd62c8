"""D: how soon a worker that has nothing else to do begins."""

from __future__ import annotations

import time

from benchmarks.processes import wait_until
from benchmarks.result import Result, percentile
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import system, topics


def start(name: str, servers: Servers, size: Size) -> Result:
    """Milliseconds from the return of asking until the slide generator is asked."""
    servers.stub.reset(0)
    waits: list[float] = []
    with system(name, servers) as one:
        one.start_worker(warm=True)
        for number, topic in enumerate(topics(size.asked)):
            # Not in step with anybody's own pauses.
            time.sleep(0.2 + 0.013 * (number % 17))
            _, taken = one.create([topic])[0]
            time.sleep(0.1)  # a look at the generator would hold it up
            asked = wait_until(lambda topic=topic: servers.stub.seen().get(topic), size.patience)  # type: ignore[misc]
            if asked:
                waits.append(1000 * (asked[0] - taken))
    return Result(p50_ms=percentile(waits, 50), p95_ms=percentile(waits, 95)) if waits else Result("never")
