"""What killed workers left among the temporary files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from presentations.folders import clear_leftovers, passing_folder


@pytest.fixture
def bottomless(tmp_path: Path) -> Iterator[Path]:
    """A folder of more folders in each other than Python 3.11 deletes."""
    folder, here = tmp_path / "lectern-deck-bottomless", Path.cwd()
    folder.mkdir()
    os.chdir(folder)
    for _ in range(sys.getrecursionlimit() + 100):
        os.mkdir("x")
        os.chdir("x")
    os.chdir(here)
    os.utime(folder, (1, 1))
    yield folder
    subprocess.run(["rm", "-r", folder], check=False)


def test_what_cannot_be_deleted_is_in_nobodys_way(
    bottomless: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    clear_leftovers()


def test_what_a_killed_worker_left_is_deleted_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, others = tmp_path / "lectern-deck-old", tmp_path / "other-old"
    linked = tmp_path / "lectern-deck-link"
    for folder in (old, others):
        folder.mkdir()
        (folder / "deck.pptx").write_bytes(b"a deck")
        os.utime(folder, (1, 1))
    linked.symlink_to(others)
    os.utime(linked, (1, 1), follow_symlinks=False)
    with passing_folder() as at_work:
        clear_leftovers()
        assert set(tmp_path.iterdir()) == {Path(at_work), others, linked}
    assert (others / "deck.pptx").exists()
