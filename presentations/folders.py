"""Folders for files on their way, among the temporary files of the system, and what killed processes left of them."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = "lectern-deck-"
# Seconds, for longer than anybody works on a file.
_LEFT_AFTER = 24 * 3600


def passing_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is gone after the block."""
    return tempfile.TemporaryDirectory(prefix=_PREFIX)


def clear_leftovers() -> None:
    """Delete those folders that nobody has written in for a day: who is killed leaves the one it works in."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # The latter where a program in the sandbox made folders in folders, deeper than Python goes: it stays.
        with suppress(FileNotFoundError, RecursionError):
            found = folder.lstat()
            is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
            if is_ours and found.st_mtime < time.time() - _LEFT_AFTER:
                shutil.rmtree(folder, ignore_errors=True)
