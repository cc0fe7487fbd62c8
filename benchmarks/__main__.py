"""Measures Lectern beside its peers, prints the table, and writes docs/benchmarks.md.

python -m benchmarks [--quick] [--only A,C] [--systems lectern,plain_rq]
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import machine, page
from benchmarks.measures import MEASURES, Measure
from benchmarks.result import Result, Results
from benchmarks.servers import ROOT, Servers, Unusable, servers
from benchmarks.size import QUICK, WHOLE, Size
from benchmarks.system import NAMES, OURS, PEERS, Failed, peers_bin
from benchmarks.table import table

_STOPPED = "Stopped; what was measured until now is kept"


def main() -> None:
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_STOPPED))
    name = "benchmarks-quick.json" if asked.quick else "benchmarks.json"
    path = asked.results or ROOT / "var" / name
    results = Results.read(path)
    if not asked.write:
        try:
            with servers(asked.database_url, asked.redis_url) as all_of_them:
                _take(asked, all_of_them, results, path)
        except Unusable as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit(_STOPPED)
    print(table(results))
    if asked.quick:
        print("A quick look: fewer and shorter than the lines say, and of slow ones only Lectern's own.")
    else:
        page.write(results)
        print(f"Written: {page.PAGE.relative_to(ROOT)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    letters = [measure.letter for measure in MEASURES]
    parser.add_argument("--quick", action="store_true", help="a first look in minutes; docs/benchmarks.md stays")
    parser.add_argument("--only", type=_some_of(letters), default=letters, help=f"of {','.join(letters)}")
    systems = list(NAMES)
    parser.add_argument("--systems", type=_some_of(systems), default=systems, help=f"of {','.join(systems)}")
    parser.add_argument("--results", type=Path, help="where the figures are kept (var/benchmarks.json)")
    parser.add_argument("--write", action="store_true", help="measure nothing: only write the page from the results")
    parser.add_argument("--database-url", help="a PostgreSQL to make databases in, instead of the embedded one")
    parser.add_argument("--redis-url", help="an empty Redis, which is emptied again and again, instead of a Valkey")
    return parser.parse_args()


def _some_of(known: list[str]) -> Callable[[str], list[str]]:
    def some(text: str) -> list[str]:
        names = text.split(",")
        if unknown := set(names) - set(known):
            raise argparse.ArgumentTypeError(
                f"unknown: {', '.join(sorted(unknown))}; expected some of {', '.join(known)}"
            )
        return names

    return some


def _take(asked: argparse.Namespace, on: Servers, results: Results, path: Path) -> None:
    """Measure, and keep each figure as soon as it is known."""
    size = QUICK if asked.quick else WHOLE
    if not _can_run(PEERS[0]):
        print("Without the peers, whose environment make bench makes.")
    results.machine = machine.machine(on)
    for measure, system in _wanted(asked):
        results.runs.setdefault(measure.letter, {})[system] = _repeated(measure, system, on, size)
        results.commits[measure.letter] = machine.commit()
        results.write(path)


def _wanted(asked: argparse.Namespace) -> Iterator[tuple[Measure, str]]:
    for measure in MEASURES:
        for system in measure.systems:
            is_wanted = measure.letter in asked.only and system in asked.systems and _can_run(system)
            if is_wanted and not (asked.quick and measure.is_slow and system != OURS):
                yield measure, system


def _can_run(system: str) -> bool:
    return system == OURS or (peers_bin() / "python").exists()


def _repeated(measure: Measure, system: str, on: Servers, size: Size) -> list[dict[str, float | str]]:
    times = size.repeats
    if measure.is_slow:
        times = 1 if system in PEERS else size.slow_repeats
    runs = []
    for _ in range(times):
        begun = time.monotonic()
        try:
            run = measure.take(system, on, size).as_json()
        except Failed as error:
            print(error, file=sys.stderr)
            run = Result("failed").as_json()
        said = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in run.items())
        print(f"{measure.letter:3}{NAMES[system]:15} {said}  [{time.monotonic() - begun:.0f} s]", flush=True)
        runs.append(run)
    return runs


if __name__ == "__main__":
    main()
