"""`python -m presentations.demo`: the demo Presenton as a process of its own, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import math
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from presentations.demo.releases import RELEASES
from presentations.demo.server import DemoPresenton

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main(words: Sequence[str] | None = None) -> None:
    parser = _parser()
    arguments = parser.parse_args(words)
    if (arguments.username is None) != (arguments.password is None):
        parser.error("--username and --password: expected both or neither")
    # Before any thread starts, so that the signal is left for sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    try:
        demo = DemoPresenton(**vars(arguments))
        demo.start()
    except ValueError as problem:
        parser.error(str(problem))
    except OSError as problem:
        parser.error(f"cannot serve: {problem}")
    sys.stdout.write(f"Demo Presenton is at {demo.url}\n")
    sys.stdout.flush()
    signal.sigwait(_STOP_SIGNALS)
    demo.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m presentations.demo", description=__doc__)
    parser.add_argument("--port", type=_port, default=0, help="on 127.0.0.1; 0 takes any that is free")
    parser.add_argument("--fd", type=int, help="an inherited socket to serve on instead, by its number")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder that keeps the decks")
    parser.add_argument("--seconds-per-slide", type=_seconds, default=0.1, metavar="SECONDS")
    parser.add_argument("--release", choices=RELEASES, default="latest", help="the Presenton to play")
    parser.add_argument("--username", help="for HTTP Basic, with --password")
    parser.add_argument("--password")
    parser.add_argument("--api-key", help="for Authorization: Bearer")
    parser.add_argument("--keep-tasks", action="store_true", help="tasks cut short by a restart stay pending for ever")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("expected a number from 0 to 65535")
    return port


def _seconds(text: str) -> float:
    seconds = float(text)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError("expected a number that is not negative")
    return seconds


if __name__ == "__main__":
    main()
