"""The lines of the table: what each shows of which measure, and what Lectern's figures should reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Goal:
    """What one figure should be: at most (or at least) a number, or so many times a peer's figure."""

    figure: str
    bound: Literal["<=", ">="]
    number: float
    of: str | None = None
    """The peer whose figure is multiplied by the number."""

    def __str__(self) -> str:
        number = f"{self.number:g}"
        return f"{self.bound} {number} x {self.of}" if self.of else f"{self.bound} {number}"


@dataclass(frozen=True)
class Line:
    """One line. `shown` is the form of a cell, with names of figures; the first goal's figure is the one compared."""

    letter: str
    title: str
    shown: str
    main: str
    unit: str
    goals: tuple[Goal, ...] = ()
    is_more_better: bool = False
    floor: str = ""
    """What no system can do better, where that needs no measuring."""


LINES = (
    Line(
        "A",
        "`create` returns: p50 (p99), ms",
        "{p50_ms:.2f} ({p99_ms:.1f})",
        "p50_ms",
        "ms",
        (Goal("p50_ms", "<=", 3, "plain_rq"),),
    ),
    Line(
        "B",
        "creates a second: 1 / 4 threads",
        "{one_thread:.0f} / {four_threads:.0f}",
        "four_threads",
        "a second, 4 threads",
        (Goal("one_thread", ">=", 350), Goal("four_threads", ">=", 500)),
        is_more_better=True,
    ),
    Line(
        "C",
        "short generations that one worker process drains a second; CPU ms of each",
        "{per_second:.0f}; {cpu_ms:.1f}",
        "per_second",
        "a second",
        (Goal("per_second", ">=", 120), Goal("cpu_ms", "<=", 8)),
        is_more_better=True,
    ),
    Line(
        "D",
        "`create` has returned -> Presenton is asked, by an idle worker: p50 / p95, ms",
        "{p50_ms:.1f} / {p95_ms:.1f}",
        "p50_ms",
        "ms",
        (Goal("p50_ms", "<=", 8), Goal("p95_ms", "<=", 20)),
    ),
    Line(
        "E",
        "200 generations of 30 s in one process: the last is done after, s; CPU s; MB",
        "{last_s:.1f}; {cpu_s:.1f}; {memory_mb:.0f}",
        "last_s",
        "s",
        (Goal("last_s", "<=", 31.5), Goal("cpu_s", "<=", 4), Goal("memory_mb", "<=", 110)),
        floor="30",
    ),
    Line(
        "E2",
        "1,000 generations of 60 s in one process: the last is done after, s; CPU s; MB; machine busy, %",
        "{last_s:.1f}; {cpu_s:.0f}; {memory_mb:.0f}; {machine_percent:.0f}",
        "last_s",
        "s",
        (Goal("last_s", "<=", 66), Goal("memory_mb", "<=", 250), Goal("machine_percent", "<=", 90)),
        floor="60",
    ),
    Line(
        "F",
        "`kill -9` with 20 in flight, the next worker up at once: all are done after, s; generations of each",
        "{all_done_s:.0f}; {generations:.2f}",
        "all_done_s",
        "s",
        (Goal("all_done_s", "<=", 20), Goal("generations", "<=", 1)),
    ),
    Line(
        "G",
        "Redis emptied with 50 waiting: the first / last of them is begun after, s",
        "{first_s:.1f} / {last_s:.1f}",
        "last_s",
        "s until the last",
        (Goal("first_s", "<=", 3), Goal("last_s", "<=", 8)),
    ),
    Line(
        "H",
        "SIGTERM with 20 in flight: the process is gone after, s; generations of each",
        "{gone_s:.1f}; {generations:.2f}",
        "gone_s",
        "s",
        (Goal("gone_s", "<=", 1), Goal("generations", "<=", 1)),
    ),
    Line(
        "I",
        "one presentation, from asking to its end: SQL statements (trips to PostgreSQL); KB to and fro; Redis calls",
        "{statements:.0f} ({trips:.0f}); {database_kb:.0f}; {redis_calls:.0f}",
        "statements",
        "SQL statements",
    ),
    Line(
        "I",
        "a minute of one that runs: SQL statements; Redis calls; calls of Presenton",
        "{running_statements:.0f}; {running_redis_calls:.0f}; {running_calls:.0f}",
        "running_statements",
        "SQL statements",
    ),
    Line(
        "I",
        "a minute of one that waits: SQL statements; Redis calls",
        "{waiting_statements:.1f}; {waiting_redis_calls:.1f}",
        "waiting_statements",
        "SQL statements",
    ),
    Line(
        "I",
        "a minute of a worker that has nothing to do: SQL statements; Redis calls; CPU s",
        "{idle_statements:.0f}; {idle_redis_calls:.0f}; {idle_cpu_s:.1f}",
        "idle_statements",
        "SQL statements",
    ),
    Line(
        "J",
        "library page, 5,000 of one teacher in 200,000 rows: ms; SQL statements (trips to PostgreSQL); KB (with all it "
        "loads); unchanged live look: ms; statements (trips)",
        "{page_ms:.1f}; {page_statements:.0f} ({page_trips:.0f}); {page_kb:.0f} ({whole_kb:.0f}); {look_ms:.1f}; "
        "{look_statements:.0f} ({look_trips:.0f})",
        "page_ms",
        "ms",
        (
            Goal("page_ms", "<=", 20),
            Goal("page_statements", "<=", 5),
            Goal("page_kb", "<=", 20),
            Goal("look_ms", "<=", 1.5),
        ),
    ),
    Line(
        "J",
        "the same in 2,000,000 rows, times that in 200,000: page; look",
        "{page_growth:.2f}; {look_growth:.2f}",
        "page_growth",
        "times",
        (Goal("page_growth", "<=", 1.2), Goal("look_growth", "<=", 1.2)),
    ),
    Line(
        "K",
        "requests a second, gunicorn with 2 processes: page / live look / create / status",
        "{page:.0f} / {look:.0f} / {create:.0f} / {status:.0f}",
        "page",
        "pages a second",
        is_more_better=True,
    ),
    Line(
        "L",
        "first call in a fresh process, with its libraries (the import alone), ms",
        "{total_ms:.0f} ({import_ms:.0f})",
        "total_ms",
        "ms",
        (Goal("total_ms", "<=", 300),),
    ),
)
