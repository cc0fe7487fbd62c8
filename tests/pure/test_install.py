"""What an installation asks for."""

from __future__ import annotations

import tomllib

from packaging.requirements import Requirement

from tests.support.processes import ROOT


def test_what_an_installation_asks_for_is_what_is_tested_here() -> None:
    """The ranges in pyproject.toml hold the versions that are pinned in the requirements files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = {
        "requirements.txt": project["dependencies"],
        "requirements-embedded.txt": project["optional-dependencies"]["embedded"],
        "requirements-mcp.txt": project["optional-dependencies"]["mcp"],
    }
    for file, wanted in ranges.items():
        lines = [line for line in (ROOT / file).read_text().splitlines() if line and line[0] not in "#-"]
        pinned = {Requirement(line).name: next(iter(Requirement(line).specifier)).version for line in lines}
        asked = {Requirement(line).name: Requirement(line).specifier for line in wanted}
        assert asked.keys() == pinned.keys(), file
        for name, specifier in asked.items():
            assert specifier.contains(pinned[name]), name
