"""The key that signs sessions."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from presentations.settings import load
from presentations.web import guard


def test_secret_key_is_made_once_however_many_processes_ask(tmp_path: Path) -> None:
    without = load({"VAR_DIR": str(tmp_path / "new")})
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(guard.secret_key, [without] * 16))
    assert len(keys) == 1
    assert len(keys.pop()) > 40
    assert [file.name for file in without.var_dir.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((without.var_dir / "secret_key").stat().st_mode) == 0o600
