"""What a measurement has found, and what is kept of all of them in a file of JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Figure = float | str


class Result:
    """Figures of one run, by name. `said` stands for all that are missing: "lost", "never", "49 of 50"."""

    def __init__(self, said: str | None = None, /, **figures: float) -> None:
        self.said, self.figures = said, figures

    def as_json(self) -> dict[str, Figure]:
        return self.figures | ({"said": self.said} if self.said else {})


@dataclass
class Results:
    """All that was measured: of each measure's letter, of each system, its runs."""

    machine: dict[str, str] = field(default_factory=dict)
    commits: dict[str, str] = field(default_factory=dict)
    """What of Lectern each letter was measured with."""
    runs: dict[str, dict[str, list[dict[str, Figure]]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Results:
        """What the file holds; nothing, when there is none."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else cls()

    def write(self, path: Path) -> None:
        """Keep it, wholly or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(vars(self), indent=1) + "\n", encoding="utf-8")
        new.replace(path)

    def of(self, letter: str, system: str) -> list[dict[str, Any]]:
        """The runs of a measure with a system."""
        return self.runs.get(letter, {}).get(system, [])


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that so many per cent of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
