"""Measures how long a deck takes from its completion to its pictures, and what that costs, and prints it.

    python -m benchmarks.pictures [--slides 12] [--decks 5]

One after the other, by one worker with one thread for pictures, of a demo Presenton, on embedded servers.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import psutil

from benchmarks.processes import cost, ended, wait_until
from benchmarks.servers import ROOT
from presentations.database import Database
from presentations.demo.server import DemoPresenton
from presentations.jobs import quick_redis
from presentations.library import Decks, DeckView, Library
from presentations.local import Backends
from presentations.settings import load

_PATIENCE = 300
_PEAK = re.compile(r"drawing \S+ took (\d+) MB")


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("--slides", type=int, default=12)
    parser.add_argument("--decks", type=int, default=5)
    asked = parser.parse_args()
    with TemporaryDirectory() as name, DemoPresenton(Path(name, "demo"), seconds_per_slide=0.05) as demo:
        environment = {
            "VAR_DIR": name,
            "PRESENTON_URL": demo.url,
            "SECRET_KEY": "for a benchmark",
            "LOG_FORMAT": "text",
        }
        backends = Backends.of(load(environment))
        try:
            environment |= {"DATABASE_URL": backends.database_url, "REDIS_URL": backends.redis_url}
            log = Path(name, "worker.log")
            _measure(Database.at(backends.database_url), backends, environment, log, asked)
            peaks = sorted(map(int, _PEAK.findall(log.read_text())))
            print(f"memory of the renderer: {peaks[len(peaks) // 2]} MB, at most {peaks[-1]} MB")
        finally:
            backends.stop()


def _measure(
    database: Database, backends: Backends, environment: dict[str, str], log: Path, asked: argparse.Namespace
) -> None:
    library, decks = Library.at(database, quick_redis(backends.redis_url)), Decks(database)
    own = {"PATH": os.environ["PATH"], **environment}
    with log.open("wb") as out:
        command = [sys.executable, "worker.py"]
        worker = subprocess.Popen(command, cwd=ROOT, env=own, stdout=out, stderr=out)
        with ended(worker):
            process, seconds, spent = psutil.Process(worker.pid), [], []
            for number in range(asked.decks):
                one = library.create("teacher", f"Topic {number}", asked.slides)
                _until(decks, one.id, lambda view: view.presentation.status == "complete")
                before = cost(process).seconds
                view = _until(decks, one.id, lambda view: view.version and view.version.prepared_at)
                seconds.append(_seconds(view))
                spent.append(cost(process).seconds - before)
    seconds.sort()
    print(f"{asked.decks} decks of {asked.slides} slides, from completion to all pictures:")
    print(f"median {seconds[len(seconds) // 2]:.1f} s, slowest {seconds[-1]:.1f} s")
    print(f"CPU of worker and renderer: {sum(spent) / len(spent):.1f} s a deck")


def _until(decks: Decks, presentation_id: UUID, is_so: Callable[[DeckView], object]) -> DeckView:
    def look() -> DeckView | None:
        view = decks.shown(None, presentation_id)
        return view if is_so(view) else None

    return wait_until(look, _PATIENCE) or sys.exit(f"Nothing after {_PATIENCE} seconds: does a worker start here?")


def _seconds(view: DeckView) -> float:
    made, drawn = view.presentation.completed_at, view.version and view.version.prepared_at
    assert made
    assert drawn
    return (drawn - made).total_seconds()


if __name__ == "__main__":
    main()
