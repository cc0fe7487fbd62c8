"""All that is measured. Each module has one measure, a function of the same name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.measures.count import count
from benchmarks.measures.create import create
from benchmarks.measures.drain import drain
from benchmarks.measures.empty import empty
from benchmarks.measures.first import first
from benchmarks.measures.flight import big_flight, flight
from benchmarks.measures.kill import kill
from benchmarks.measures.library import library
from benchmarks.measures.rate import rate
from benchmarks.measures.serve import serve
from benchmarks.measures.start import start
from benchmarks.measures.stop import stop
from benchmarks.result import Result
from benchmarks.servers import Servers
from benchmarks.size import Size
from benchmarks.system import OURS, PEERS


@dataclass(frozen=True)
class Measure:
    """One of them: what it does with one system, and with which it is done."""

    letter: str
    take: Callable[[str, Servers, Size], Result]
    systems: tuple[str, ...] = (OURS, *PEERS)
    is_slow: bool = False
    """Takes a minute or more of each system: repeated less often, the peers' once."""


MEASURES = (
    Measure("A", create, (OURS, *PEERS, "floor")),
    Measure("B", rate, (OURS, *PEERS, "floor")),
    Measure("C", drain, (OURS, *PEERS, "rq_empty")),
    Measure("D", start),
    Measure("E", flight, is_slow=True),
    Measure("E2", big_flight, (OURS, "celery_threads", "procrastinate_threads"), is_slow=True),
    Measure("F", kill, is_slow=True),
    Measure("G", empty, is_slow=True),
    Measure("H", stop, is_slow=True),
    Measure("I", count, is_slow=True),
    Measure("J", library, (OURS,), is_slow=True),
    Measure("K", serve, (OURS,), is_slow=True),
    Measure("L", first),
)
