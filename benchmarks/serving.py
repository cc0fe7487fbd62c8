"""Where the time of a request goes, as measure K has found it."""

from __future__ import annotations

from benchmarks.result import Results
from benchmarks.system import OURS
from benchmarks.table import ABSENT, figures, markdown, median

_KINDS = {
    "page": "the library of a teacher with 20",
    "look": "a look that finds nothing new",
    "status": "how one stands, by the API",
    "create": "asking for one, by the API",
}


def serving(results: Results) -> str:
    """A line for each kind of request: CPU of the web and of PostgreSQL, and the libraries' parts in the web's."""
    measured = figures(results, "K", OURS)
    if not measured:
        return ""
    owners = list(dict.fromkeys(name.partition("_percent_")[2] for name in measured if "_percent_" in name))
    heads = ["", "a second", "CPU ms, web", "CPU ms, PostgreSQL", *(f"{owner}, %" for owner in owners)]
    names = ["{}", "{}_web_cpu_ms", "{}_database_cpu_ms", *(f"{{}}_percent_{owner}" for owner in owners)]
    rows = []
    for kind, title in _KINDS.items():
        found = [median(results, "K", OURS, name.format(kind)) for name in names]
        rows.append([title, *(ABSENT if value is None else f"{value:.3g}" for value in found)])
    return markdown(heads, rows)
