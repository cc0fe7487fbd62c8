"""What an installation gets: the releases that are tested here, and nothing put in their place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.processes import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]

ASKED = {
    "requirements.txt": NEEDED,
    "requirements-embedded.txt": NEEDED + EXTRAS["embedded"] + GROUPS["build"],
    "requirements-mcp.txt": NEEDED + EXTRAS["mcp"],
    "requirements-dev.txt": NEEDED + EXTRAS["embedded"] + EXTRAS["mcp"] + GROUPS["build"] + GROUPS["dev"],
}
LOCKED = ASKED | {"benchmarks/requirements.txt": GROUPS["bench"]}
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}")


def entries(file: Path) -> list[tuple[Requirement, list[str]]]:
    """What a requirements file asks for, each with the lines of hashes below it."""
    blocks = re.split(r"\n(?=\S)", file.read_text().strip())
    parts = [block.split(" \\\n") for block in blocks if not block.startswith("#")]
    return [(Requirement(first), hashes) for first, *hashes in parts]


def locked(file: Path) -> dict[str, str]:
    """The release of each package in a requirements file."""
    return {canonicalize_name(what.name): str(what.specifier).removeprefix("==") for what, _ in entries(file)}


def test_there_is_no_other_requirements_file() -> None:
    assert {path.name for path in ROOT.glob("requirements*")} == ASKED.keys()


@pytest.mark.parametrize("file", LOCKED)
def test_each_requirements_file_has_what_pyproject_asks_for(file: str) -> None:
    """Fails where pyproject.toml was changed and `make lock` forgotten."""
    releases = locked(ROOT / file)
    for requirement in map(Requirement, LOCKED[file]):
        release = releases.get(canonicalize_name(requirement.name))
        assert release, f"{file} lacks {requirement.name}: run make lock"
        assert requirement.specifier.contains(release), f"{file} has {requirement.name} {release}: run make lock"


@pytest.mark.parametrize("file", ASKED)
def test_what_is_run_is_what_is_tested(file: str) -> None:
    assert locked(ROOT / file).items() <= locked(ROOT / "requirements-dev.txt").items()


@pytest.mark.parametrize("file", LOCKED)
def test_nothing_is_installed_without_a_hash(file: str) -> None:
    for what, hashes in entries(ROOT / file):
        assert hashes, f"{what} has no hash"
        assert all(HASH.fullmatch(line) for line in hashes), what
        assert [pin.operator for pin in what.specifier] == ["=="], what


def test_lectern_is_measured_beside_what_it_runs_with() -> None:
    """Plain RQ is the yardstick only in the release that Lectern has."""
    peers, ours = locked(ROOT / "benchmarks/requirements.txt"), locked(ROOT / "requirements.txt")
    assert {name: peers[name] for name in ("redis", "requests", "rq")}.items() <= ours.items()


@pytest.mark.parametrize("file", ["Makefile", "deploy/Dockerfile", "README.md", "docs/operations.md"])
def test_every_installation_demands_the_hashes(file: str) -> None:
    installations = re.findall(r".*pip(?:_install\)| install) .*-r \S+", (ROOT / file).read_text())
    assert installations
    for line in installations:
        assert "--require-hashes" in line, line


def test_lectern_itself_is_built_from_what_is_locked() -> None:
    """Otherwise pip would fetch the newest hatchling, whatever it is, to build the package."""
    (line,) = re.findall(r".*pip_install\).*--editable .*", (ROOT / "Makefile").read_text())
    assert {"--no-index", "--no-build-isolation", "--no-deps"} <= set(line.split())
