"""What a running `make run` says of itself, for other processes of the same VAR_DIR: its port and path, and where
its demo is.

It stands in the file `run.json`, and counts for as long as `make run` shares the lock on that file, which the kernel
frees even when it is killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from presentations.local.locks import FileLock
from presentations.settings import Settings, load


@contextmanager
def announced(var_dir: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Let others find these for as long as the block lasts."""
    path = _path(var_dir)
    with FileLock(path) as lock:
        lock.share()
        path.write_text(json.dumps(variables), encoding="utf-8")
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def load_beside_run(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's own by default), and what they leave open from `make run`.

    In production from `environ` only. Raises SettingsError.
    """
    source = os.environ if environ is None else environ
    configured = load(source)
    if configured.app_env == "production":
        return configured
    return load(_announced(configured.var_dir) | {name: text for name, text in source.items() if text.strip()})


def _announced(var_dir: Path) -> dict[str, str]:
    path = _path(var_dir)
    try:
        if path.exists():
            with FileLock(path) as lock:
                if lock.is_shared():
                    return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):  # somebody else's folder, or not written yet
        pass
    return {}


def _path(var_dir: Path) -> Path:
    return var_dir / "run.json"
