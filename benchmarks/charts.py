"""Bars in plain text, which every reader of the page can show."""

from __future__ import annotations

from benchmarks.reach import LINES, Line
from benchmarks.result import Results
from benchmarks.system import FLOORS, NAMES, OURS, PEERS
from benchmarks.table import ABSENT, median, said

_WIDTH = 48


def charts(results: Results) -> str:
    """One for each line of the table in which more than Lectern was measured."""
    drawn = [chart(results, line) for line in LINES]
    return "\n\n".join(f"    {text}".replace("\n", "\n    ") for text in drawn if text)


def chart(results: Results, line: Line) -> str:
    """A bar for each system's main figure; empty where there is nothing to compare."""
    systems = [name for name in (OURS, *PEERS, *FLOORS) if results.of(line.letter, name)]
    values = {name: median(results, line.letter, name, line.main) for name in systems}
    known = [value for value in values.values() if value is not None]
    if len(known) < 2:
        return ""
    most = max(known) or 1.0
    better = "longer is better" if line.is_more_better else "shorter is better"
    title = f"{line.letter}, {line.unit} ({better})"
    return "\n".join(
        [title, *(_bar(NAMES[name], value, most) or _words(results, line, name) for name, value in values.items())]
    )


def _bar(name: str, value: float | None, most: float) -> str:
    if value is None:
        return ""
    return f"{name:15}{'█' * max(1, round(_WIDTH * value / most))} {value:.3g}"


def _words(results: Results, line: Line, name: str) -> str:
    words = said(results, line.letter, name)
    return f"{NAMES[name]:15}{'no figure' if words == ABSENT else words}"
