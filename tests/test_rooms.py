"""The rules of imports in pyproject.toml: each break fails `make lint`, with the name of the rule."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.installed import program
from tests.support.processes import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, with the rules."""
    shutil.copytree(ROOT / "presentations", tmp_path / "presentations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_in(folder: Path) -> list[str]:
    """The names of the rules that are broken."""
    command = [program("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    broken = re.findall(r"^(.*) BROKEN$", done.stdout, re.MULTILINE)
    assert done.returncode == (1 if broken else 0), done.stdout + done.stderr
    assert "KEPT" in done.stdout, done.stdout + done.stderr
    return broken


def test_nothing_is_broken_today(copy: Path) -> None:
    assert broken_in(copy) == []


@pytest.mark.parametrize(
    ("module", "imports", "rule"),
    [
        ("database/upward", "from presentations.library import Library", "floors of presentations/"),
        ("operations/beside", "from presentations.generation import Dispatcher", "floors of presentations/"),
        ("web/auth/upward", "from presentations.web.pages import blueprint", "floors of presentations/web/"),
        ("attic/__init__", "", "floors of presentations/"),
        (
            "operations/reaching",
            "from presentations.library.library import Library",
            "library: others import only what its __init__ hands out",
        ),
        (
            "worker/reaching",
            "def late() -> None:\n    import presentations.jobs.queue",
            "jobs: others import only what its __init__ hands out",
        ),
    ],
    ids=["upward", "beside", "upward-in-web", "without-a-floor", "reaching", "reaching-late"],
)
def test_a_break_is_named(copy: Path, module: str, imports: str, rule: str) -> None:
    file = copy / "presentations" / f"{module}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{imports}\n")
    assert broken_in(copy) == [rule]
