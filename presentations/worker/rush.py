"""Decks wait while one generation after another begins or ends here: for each of those somebody waits just now.

A deck that is due stands in its row and in no line meanwhile, so that a worker that dies takes nothing along.
"""

from __future__ import annotations

import time

from presentations.jobs import PRESENTATIONS, WorkerContext

# Seconds without one that is begun or ends, which say that the rush is over; generations that take long leave them.
_REST = 0.1
# A rush that lasts does not hold up decks for longer, in seconds.
_LONGEST = 5.0


def wait_out_rush(context: WorkerContext) -> None:
    """Wait until no generation of this process begins or ends: up to five seconds, or until the worker stops."""
    leases = context.engine(PRESENTATIONS).leases
    until = time.monotonic() + _LONGEST
    while leases.moved_at > time.monotonic() - _REST and time.monotonic() < until:
        if context.stopping.wait(_REST):
            return
