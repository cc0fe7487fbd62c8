"""How a process logs: one readable line for each decision."""

from __future__ import annotations

import logging
import sys
import threading


def set_up(level: str) -> None:
    """Log to the standard error stream, from all threads, what is at least as grave as `level`."""
    logging.basicConfig(
        level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(message)s", force=True
    )
    threading.excepthook = _log_broken_thread


def _log_broken_thread(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread else "a thread"
    logging.getLogger(__name__).error("%s broke off", name, exc_info=args.exc_value)
