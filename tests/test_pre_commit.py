"""What a commit is looked at for: the same as in `make lint`, by the same programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.processes import ROOT

HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
BAD, FORMATTED = "import os\nx = 'one'\n", 'import os\n\nx = "one"\n'


def test_it_is_what_make_lint_looks_at() -> None:
    lint = re.search(r"^lint:.*\n\t@(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert lint
    asked = [part.split()[:2] for part in lint[1].replace("$(BIN)/", "").replace(" .", "").split(" && ")]
    programs = [hook["entry"].removeprefix(".venv/bin/").split()[:2] for hook in HOOKS]
    assert programs == asked


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one file, which is about to be committed."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "bad.py").write_text(BAD)
    for command in (["init", "--quiet"], ["add", "bad.py"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_a_file_that_is_not_as_it_should_be_is_named_and_formatted(repository: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--verbose"],
        cwd=repository,
        env={"PATH": os.environ["PATH"], "PRE_COMMIT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert re.search(r"^ruff check\.+Failed$", done.stdout, re.MULTILINE), done.stdout
    assert "F401" in done.stdout
    assert (repository / "bad.py").read_text() == FORMATTED
