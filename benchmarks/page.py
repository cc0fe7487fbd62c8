"""docs/benchmarks.md: the table and all about it, around what is written there by hand."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from benchmarks.charts import charts
from benchmarks.result import Results
from benchmarks.servers import ROOT
from benchmarks.serving import serving
from benchmarks.table import spread, table

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN = "<!-- by hand from here; `make bench` keeps it -->"
END = "<!-- by hand until here -->"

_HEAD = """# Lectern beside its peers

Written by `make bench`, but for [what is by hand](#what-each-step-brought). All systems do the same work, one after
the other on the same machine: a call to a slide generator that does nothing but answer, at once or after a set time.
The peers are used as their own documentation advises ([benchmarks/systems/](../benchmarks/systems/)). Lectern does more
for each: it keeps a row of it with what its library shows, and a line that is fair to every teacher.

The floor is one `INSERT`, one `COMMIT` and one `LPUSH`, or RQ's own worker with an empty job. Figures are medians; how
far apart the runs were stands [below](#how-far-apart-the-runs-were). "Against the best peer" says how many times as
good the best of them is: above 1 it wins, below 1 Lectern does."""

_HAND = """## What each step brought

Nothing yet.

## What we lose and why

Nothing is known yet."""

_HOW = """## How it is measured

    make bench              # everything, in two hours, on a machine that does nothing else
    make bench ONLY=A,C     # some of it; the other figures stay
    QUICK=1 make bench      # a first look in minutes: not for this page

PostgreSQL, Valkey, the generator, who asks, and the worker are a process each. Each measurement begins with an empty
database and an empty Redis, and a peer's differs from Lectern's in nothing but the system's own calls. What was found
is kept in `var/benchmarks.json`; each letter is a module of [benchmarks/measures/](../benchmarks/measures/)."""

_NOTHING = "Nothing is measured yet."


def write(results: Results, path: Path = PAGE) -> None:
    """Write the page anew, with what somebody wrote into it by hand."""
    by_hand = kept(path.read_text(encoding="utf-8")) if path.exists() else _HAND
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(results, by_hand), encoding="utf-8")


def kept(text: str) -> str:
    """What stands between the marks; raises ValueError when one of them has gone."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"The page has lost its marks: expected one line {BEGIN!r} and one {END!r}. Put them back")
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def page(results: Results, by_hand: str) -> str:
    """The whole page."""
    parts = [_HEAD, table(results), f"{BEGIN}\n\n{by_hand}\n\n{END}"]
    parts += ["## The same as bars", charts(results) or _NOTHING]
    parts += ["## Where the time of a request goes", serving(results) or _NOTHING]
    parts += ["## How far apart the runs were", spread(results) if results.runs else _NOTHING]
    parts += ["## The machine and the releases", _machine(results) or _NOTHING]
    return "\n\n".join([*parts, _HOW]) + "\n"


def _machine(results: Results) -> str:
    letters = defaultdict(list)
    for letter, commit in results.commits.items():
        letters[commit].append(letter)
    measured = [f"- Lectern: {commit} ({', '.join(of)})" for commit, of in letters.items()]
    return "\n".join([*measured, *(f"- {what}: {said}" for what, said in results.machine.items())])
