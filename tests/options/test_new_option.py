"""What a new option takes: an entry, a column and its line, and the table in the docs written anew.

That is done here, to a copy of Lectern, for an option of each kind; then the copy's own tests of options are run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT

ENTRIES = """
    Text(
        name="must_show",
        label="Must show",
        description="Points that must come up.",
        for_models="Points that must come up, one a line.",
        on_form=OnForm(place="below", is_remembered=False),
        presenton_name="must_have",
        longest=300,
        has_lines=True,
    ),
    Number(
        name="pauses",
        label="Pauses",
        description="How long the lesson is.",
        for_models="How long the lesson is, in minutes.",
        low=5,
        high=240,
    ),
    Choice(
        name="pictures",
        label="Pictures",
        description="Where pictures come from.",
        for_models="Where pictures come from.",
        on_form=OnForm(place="row"),
        words={"stock": "Photos", "drawn": "Drawings"},
    ),
    Flag(
        name="looks_up",
        label="Looks up",
        description="Whether it looks things up.",
        for_models="Whether to look things up in the web.",
        is_in_answers=True,
    ),
)
"""
COLUMNS = """
    must_show          text,
    pauses             integer CHECK (pauses BETWEEN 5 AND 240),
    pictures           text CHECK (pictures IN ('stock', 'drawn')),
    looks_up           boolean,
"""
LINES = """
    must_show: Mapped[str | None]
    pauses: Mapped[int | None]
    pictures: Mapped[str | None]
    looks_up: Mapped[bool | None]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of Lectern, to be changed; with what Python has compiled of it, but for what is just being written."""
    folder = tmp_path / "lectern"
    ours = ("presentations", "templates", "static", "tests", "docs")
    for name in ours:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    for file in [*ROOT.glob("*.py"), ROOT / "schema.sql", ROOT / "pyproject.toml"]:
        shutil.copy(file, folder)
    return folder


def after(file: Path, line: str, more: str) -> None:
    """Put more after the one place that looks like this."""
    old = file.read_text(encoding="utf-8")
    new, count = re.subn(line, lambda found: found[0] + more, old, flags=re.MULTILINE)
    assert count == 1, f"{line!r} is {count} times in {file}"
    file.write_text(new, encoding="utf-8")


def add_entries(copy: Path) -> None:
    catalog = copy / "presentations" / "options" / "catalog.py"
    after(catalog, r"^from presentations.options.kinds import .*$", ", Flag")
    whole = catalog.read_text(encoding="utf-8")
    catalog.write_text(whole.removesuffix(")\n") + ENTRIES.lstrip("\n"), encoding="utf-8")


def add_columns(copy: Path) -> None:
    after(copy / "schema.sql", r"^    export_as +text .*\n", COLUMNS.lstrip("\n"))
    model = copy / "presentations" / "database" / "models" / "presentations.py"
    after(model, r"^    export_as: .*\n", LINES.lstrip("\n"))


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command in the copy has to say."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=own, capture_output=True, text=True, timeout=280, check=False
    )


def its_tests(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    ours = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={copy.parent / 'inner'}", "tests/options"]
    return run(copy, *ours, f"--ignore=tests/options/{Path(__file__).name}", *arguments)


@pytest.mark.timeout(300)
def test_it_arrives_everywhere(copy: Path) -> None:
    add_entries(copy)
    add_columns(copy)
    assert run(copy, "-m", "docs.options").returncode == 0
    done = its_tests(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "looks_up" in (copy / "docs" / "api.md").read_text(encoding="utf-8")


def test_an_entry_alone_is_not_enough(copy: Path) -> None:
    add_entries(copy)
    done = its_tests(copy, "-k", "column_of_its_kind or docs_have")
    assert done.returncode == 1, done.stdout + done.stderr
    for name in ("must_show", "pauses", "pictures", "looks_up"):
        assert f"{name} has no column in presentations/database/models/presentations.py" in done.stdout
    assert "docs/api.md is older than the options: run python -m docs.options" in done.stdout
