"""What killed workers left among the temporary files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from presentations.keeping import clear_leftovers
from presentations.keeping.folders import passing_folder


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
