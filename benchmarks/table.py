"""The table of all systems, line by line: medians, the reach, and whether Lectern is inside it."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from benchmarks.reach import LINES, Goal, Line
from benchmarks.result import Results
from benchmarks.system import FLOORS, NAMES, OURS, PEERS

ABSENT = "-"


def table(results: Results) -> str:
    """All lines in Markdown."""
    heads = ["", "what", *(NAMES[name] for name in (OURS, *PEERS)), "floor", "against the best peer", "reach", "met"]
    return markdown(heads, [_row(results, line) for line in LINES])


def spread(results: Results) -> str:
    """How far apart the runs were: least, median and most of what the table shows, where it was repeated."""
    heads = ["", "system", "figure", "runs", "least", "median", "most"]
    rows = []
    for letter, systems in results.runs.items():
        shown = "".join(line.shown for line in LINES if line.letter == letter)
        for system in systems:
            for figure, values in figures(results, letter, system).items():
                if len(values) > 1 and f"{{{figure}:" in shown:
                    three = (min(values), statistics.median(values), max(values))
                    rows.append([letter, NAMES[system], figure, str(len(values)), *(f"{one:.4g}" for one in three)])
    return markdown(heads, rows)


def figures(results: Results, letter: str, system: str) -> dict[str, list[float]]:
    """The values of each figure in all runs of a measure with a system."""
    values: dict[str, list[float]] = defaultdict(list)
    for run in results.of(letter, system):
        for name, value in run.items():
            if not isinstance(value, str):
                values[name].append(value)
    return values


def median(results: Results, letter: str, system: str, figure: str) -> float | None:
    """A figure's median over all runs; None where a run had none, since a mean of the lucky ones is no measure."""
    values = figures(results, letter, system).get(figure, [])
    runs = results.of(letter, system)
    return statistics.median(values) if values and len(values) == len(runs) else None


def said(results: Results, letter: str, system: str) -> str:
    """What the last run says in place of a figure."""
    words = [str(run["said"]) for run in results.of(letter, system) if "said" in run]
    return words[-1] if words else ABSENT


def verdict(results: Results, letter: str, goal: Goal) -> str:
    """Whether Lectern's median is inside a goal: met, missed, or - where one of the two was not measured."""
    ours = median(results, letter, OURS, goal.figure)
    peers = 1.0 if goal.of is None else median(results, letter, goal.of, goal.figure)
    if not results.of(letter, OURS) or peers is None:
        return ABSENT
    if ours is None:
        return ABSENT if said(results, letter, OURS) == ABSENT else "missed"
    bound = goal.number * peers
    # The last digit that is shown decides, not one behind it.
    is_met = ours <= bound * 1.001 if goal.bound == "<=" else ours >= bound * 0.999
    return "met" if is_met else "missed"


def ratio(results: Results, line: Line) -> str:
    """How many times worse (above 1) or better (below 1) Lectern's main figure is than the best peer's."""
    ours = median(results, line.letter, OURS, line.main)
    # Who is quick and loses some of it is not quicker.
    peers = [peer for peer in PEERS if said(results, line.letter, peer) == ABSENT]
    theirs = [median(results, line.letter, peer, line.main) for peer in peers]
    known = [value for value in theirs if value]
    if not ours or not known:
        return ABSENT
    times = max(known) / ours if line.is_more_better else ours / min(known)
    return f"{times:.0f} x" if times >= 10 else f"{times:.2g} x"


def _row(results: Results, line: Line) -> list[str]:
    cells = [cell(results, line, system) for system in (OURS, *PEERS)]
    floors = [cell(results, line, system) for system in FLOORS]
    floor = line.floor or next((one for one in floors if one != ABSENT), ABSENT)
    cells[0] = f"**{cells[0]}**" if cells[0] != ABSENT else ABSENT
    reach = "; ".join(str(goal) for goal in line.goals) or ABSENT
    met = "; ".join(verdict(results, line.letter, goal) for goal in line.goals) or ABSENT
    return [line.letter, line.title, *cells, floor, ratio(results, line), _named(reach), met]


def cell(results: Results, line: Line, system: str) -> str:
    """What stands in the table of one line and system."""
    if not results.of(line.letter, system):
        return ABSENT
    names = figures(results, line.letter, system)
    medians = {name: median(results, line.letter, system, name) for name in names}
    numbers: dict[str, Any] = {name: value for name, value in medians.items() if value is not None}
    words = said(results, line.letter, system)
    if not numbers:
        return words
    text = line.shown.format_map(defaultdict(lambda: _Words(words), numbers))
    return text if words in (ABSENT, *text.split("; ")) else f"{text} ({words})"


class _Words(str):
    """Stands where there is no number, whatever form that would have."""

    def __format__(self, form: str) -> str:
        return str(self)


def _named(reach: str) -> str:
    for name, title in NAMES.items():
        reach = reach.replace(name, title)
    return reach


def markdown(heads: list[str], rows: list[list[str]]) -> str:
    """A table as Markdown has it."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [heads, ["---"] * len(heads), *rows])
