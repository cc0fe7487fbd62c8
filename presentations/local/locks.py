"""Locks between processes. The kernel frees them when their last holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    """An flock on a file that is made if missing. Each FileLock counts as a holder of its own, also within one process.

    A forked child shares it, a started program does not get it; it is free when all of them have closed it or ended.
    """

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        """Wait until nobody owns it, then hold it together with others."""
        fcntl.flock(self.fd, fcntl.LOCK_SH)

    def try_share(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def try_own(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def is_shared(self) -> bool:
        """Whether others hold it together. It must not be held here; afterwards it may be, until it is closed."""
        return not self.try_own() and self.try_share()

    def _try(self, operation: int) -> bool:
        try:
            fcntl.flock(self.fd, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self.fd)

    def __enter__(self) -> FileLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
