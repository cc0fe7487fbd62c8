"""A to H: how fast work is taken, begun and ended, and what becomes of it when something dies."""

from __future__ import annotations

import signal
import statistics
import time
from dataclasses import dataclass

from benchmarks.harness import Servers, cost, kill, system, topics, wait_until


@dataclass(frozen=True)
class Size:
    """How much of everything; `quick` is for a first look."""

    creates: int
    drained: int
    asked: int
    in_flight: tuple[int, int]
    many_in_flight: tuple[int, int]
    patience: int

    @classmethod
    def of(cls, is_quick: bool) -> Size:
        """A quick run takes minutes, a whole one about an hour."""
        return cls(300, 150, 30, (50, 10), (0, 0), 30) if is_quick else cls(2000, 500, 100, (200, 30), (1000, 60), 300)


Numbers = dict[str, float | str]


def creating(name: str, servers: Servers, size: Size) -> Numbers:
    """A and B: how long asking takes, and how many can be asked for in a second."""
    with system(name, servers) as one:
        one.create(topics(50))
        times = one.create(topics(size.creates, 1000))
        took = sorted(1000 * (taken - begun) for begun, taken in times)
        many = one.create(topics(size.creates, 100_000), threads=4)
    return {
        "A p50 ms": statistics.median(took),
        "A p99 ms": took[int(len(took) * 0.99)],
        "B 1 thread /s": _rate(times),
        "B 4 threads /s": _rate(many),
    }


def draining(name: str, servers: Servers, size: Size) -> Numbers:
    """C: how many generations that take no time one worker process gets through, and its CPU time for each."""
    servers.stub.reset(0)
    with system(name, servers, threads=8) as one:
        one.create(topics(size.drained))
        worker = one.start_worker()
        wait_until(lambda: servers.stub.seen("done"), size.patience)
        before, _ = cost(worker)
        begun = time.monotonic()
        count = len(servers.stub.seen("done"))
        wait_until(lambda: len(servers.stub.seen("done")) >= size.drained, size.patience)
        done = len(servers.stub.seen("done")) - count
        took = max(max(times) for times in servers.stub.seen("done").values()) - begun
        time.sleep(0.3)
        after, _ = cost(worker)
    return {"C /s": done / took, "C CPU ms": 1000 * (after - before) / done}


def beginning(name: str, servers: Servers, size: Size) -> Numbers:
    """D: from the return of create until the generator is asked, by a worker that has nothing else to do."""
    servers.stub.reset(0)
    waits: list[float] = []
    with system(name, servers) as one:
        one.start_worker()
        one.create(topics(1, 900_000))
        wait_until(lambda: servers.stub.seen("done"), size.patience)
        for topic in topics(size.asked):
            time.sleep(0.05 + 0.002 * (len(waits) % 50))
            _, taken = one.create([topic])[0]
            asked = wait_until(lambda topic=topic: servers.stub.seen().get(topic), size.patience)
            if asked:
                waits.append(1000 * (asked[0] - taken))
    waits.sort()
    return {"D p50 ms": statistics.median(waits), "D p95 ms": waits[int(len(waits) * 0.95)]}


def flying(name: str, servers: Servers, count: int, seconds: int, patience: int) -> Numbers:
    """E: many generations at once in one process: when the last is done, and what that costs."""
    servers.stub.reset(seconds)
    with system(name, servers, threads=count) as one:
        worker = one.start_worker()
        wait_until(lambda: cost(worker)[0] > 0.2, 10)
        time.sleep(3)
        before, _ = cost(worker)
        begun = time.monotonic()
        one.create(topics(count))
        memory: list[float] = []

        def look() -> bool:
            memory.append(cost(worker)[1])
            time.sleep(0.5)
            return len(servers.stub.seen("done")) >= count

        if not wait_until(look, seconds + patience):
            return {"E s": f"{len(servers.stub.seen('done'))} of {count}"}
        last = max(max(times) for times in servers.stub.seen("done").values())
        time.sleep(1)
        after, _ = cost(worker)
    return {"E s": last - begun, "E CPU s": after - before, "E MB": max(memory)}


def killed(name: str, servers: Servers, size: Size) -> Numbers:
    """F: kill -9 with 20 in flight, the next worker at once: when all are done, and how often each was made."""
    seconds, count = 5, 20
    servers.stub.reset(seconds)
    with system(name, servers) as one:
        worker = one.start_worker()
        one.create(topics(count))
        wait_until(lambda: len(servers.stub.seen()) >= count, size.patience)
        time.sleep(1)
        kill(worker)
        begun = time.monotonic()
        before = {topic: len(times) for topic, times in servers.stub.seen().items()}
        one.start_worker()
        all_done = wait_until(lambda: _all_made_after(servers, begun, count, name), size.patience)
        generations = statistics.mean(len(times) for times in servers.stub.seen().values())
    assert len(before) == count, f"{name}: only {len(before)} were begun"
    return {"F s": time.monotonic() - begun if all_done else "never", "F generations": generations}


def _all_made_after(servers: Servers, begun: float, count: int, name: str) -> bool:
    """Whether somebody living has seen the end of each: of ours the task goes on, a peer's call has to be made anew."""
    done = servers.stub.seen("done")
    if name == "lectern":
        return len(done) >= count
    asked = servers.stub.seen()
    return sum(asked[topic][-1] > begun and times[-1] > asked[topic][-1] for topic, times in done.items()) >= count


def emptied(name: str, servers: Servers, size: Size) -> Numbers:
    """G: Redis is emptied while 50 wait; a worker comes up. When the first and the last are taken."""
    servers.stub.reset(0)
    with system(name, servers) as one:
        one.create(topics(50))
        _flush(servers)
        begun = time.monotonic()
        one.start_worker()
        wait_until(lambda: len(servers.stub.seen()) >= 50, min(60, size.patience))
        taken = sorted(times[0] - begun for times in servers.stub.seen().values())
    if not taken:
        return {"G first s": "lost"}
    return {"G first s": taken[0], "G last s": taken[-1] if len(taken) == 50 else f"{len(taken)} of 50"}


def stopped(name: str, servers: Servers, size: Size) -> Numbers:
    """H: SIGTERM with 20 in flight: when the process is gone, and how often each was made in the end."""
    servers.stub.reset(15)
    with system(name, servers) as one:
        worker = one.start_worker()
        one.create(topics(20))
        wait_until(lambda: len(servers.stub.seen()) >= 20, size.patience)
        time.sleep(1)
        begun = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        wait_until(lambda: worker.poll() is not None, size.patience)
        took = time.monotonic() - begun
        one.start_worker()
        wait_until(lambda: len(servers.stub.seen("done")) >= 20, size.patience)
        generations = statistics.mean(len(times) for times in servers.stub.seen().values())
    return {"H s": took, "H generations": generations}


def _flush(servers: Servers) -> None:
    from redis import Redis

    Redis.from_url(servers.redis_url).flushall()


def _rate(times: list[tuple[float, float]]) -> float:
    return len(times) / (max(taken for _, taken in times) - min(begun for begun, _ in times))
