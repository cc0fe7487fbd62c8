"""How a worker bears many generations at once: their time against that of one, its memory, and how fast it stops.

python -m benchmarks.many_in_flight [--count 200] [--slides 10] [--seconds-per-slide 2]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.jobs import quick_redis
from presentations.library import Library
from presentations.local import embedded

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--slides", type=int, default=10)
    parser.add_argument("--seconds-per-slide", type=float, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, DemoPresenton(Path(folder, "demo"), asked.seconds_per_slide) as demo:
        postgres, valkey = embedded.postgres(Path(folder, "var")), embedded.valkey(Path(folder, "var"))
        try:
            database = Database.at(postgres.url)
            database.install_schema()
            measure(asked, Library.at(database, quick_redis(valkey.url)), demo, postgres.url, valkey.url)
        finally:
            postgres.stop()
            valkey.stop()


def measure(asked: argparse.Namespace, library: Library, demo: DemoPresenton, *urls: str) -> None:
    servers = dict(zip(("DATABASE_URL", "REDIS_URL"), urls, strict=True))
    environment = {**os.environ, **servers, "PRESENTON_URL": demo.url, "WORKER_THREADS": str(asked.count)}
    with subprocess.Popen(
        [sys.executable, "worker.py"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as worker:
        process = psutil.Process(worker.pid)
        print(f"one generation of {asked.slides} slides: {seconds(library, 1, asked.slides):.1f} s")
        memory: list[int] = []
        took = seconds(library, asked.count, asked.slides, lambda: memory.append(process.memory_info().rss))
        print(f"{asked.count} generations at once: {took:.1f} s, at most {demo.most_at_once} at the same time")
        print(f"memory of the worker: at most {max(memory) / 1e6:.0f} MB, with {process.num_threads()} threads")
        for n in range(asked.count):
            library.create(f"stop{n}", "Stop", asked.slides)
        while demo.requests_of("Stop") < asked.count:
            time.sleep(0.1)
        before = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait()
        print(f"SIGTERM with {asked.count} generations in flight: ended in {time.monotonic() - before:.2f} s")


def seconds(library: Library, count: int, slides: int, look: object = None) -> float:
    """How long `count` presentations of as many teachers take, from the first request to the last one's end."""
    before = time.monotonic()
    for n in range(count):
        library.create(f"teacher{n}", f"Topic {n} of {count}", slides)
    while library.list(None, status=("pending", "processing"), limit=1).items:
        if callable(look):
            look()
        time.sleep(0.1)
    return time.monotonic() - before


if __name__ == "__main__":
    main()
