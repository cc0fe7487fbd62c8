"""The matrix of releases and checks: what `make releases` prints, and what stands in docs/presenton.md."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from tests.presenton.checks import CHECKS
from tests.presenton.day import Family


def families() -> list[Family]:
    """Those of the test files beside this one, oldest release first."""
    modules = [
        import_module(f"tests.presenton.{file.stem}") for file in sorted(Path(__file__).parent.glob("test_*.py"))
    ]
    return [module.FAMILY for module in modules if hasattr(module, "FAMILY")]


def all_held() -> dict[str, dict[str, str]]:
    """What has to come out: each check that applies to a family holds."""
    return {
        family.name: {name: "yes" for name, check in CHECKS.items() if check not in family.left_out}
        for family in families()
    }


def table(outcomes: Mapping[str, Mapping[str, str]]) -> str:
    """The outcomes of the families that were played, by the names of the checks, in Markdown."""
    played = [family.name for family in families() if family.name in outcomes]
    rows = [[name, *(outcomes[one].get(name, "-") for one in played)] for name in CHECKS]
    lines = [["", *played], ["---"] * (len(played) + 1), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
