"""What Prometheus and the log are told of the store."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from presentations.files.errors import Damaged, Missing, StoreAway, StoreError
from presentations.telemetry.metrics import FILE_FAILURES

log = logging.getLogger(__name__)

_CAUSES = {StoreAway: "away", Missing: "missing", Damaged: "damaged"}


@contextmanager
def counted(call: str) -> Iterator[None]:
    """Count and log what goes wrong in it; `call` is one of a few words."""
    try:
        yield
    except StoreError as error:
        FILE_FAILURES.labels(call, _CAUSES[type(error)]).inc()
        log.warning("the store of files, %s: %s", call, error.reason)
        raise
