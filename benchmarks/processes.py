"""Processes that are measured: started, waited for, and ended with all of their children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, TypeVar

import psutil

T = TypeVar("T")


class Cost(NamedTuple):
    """CPU seconds of a process and its children until now, and the memory that they hold, in MB."""

    seconds: float
    memory: float


def cost(root: psutil.Process) -> Cost:
    """What a process and its children have cost. Those that have ended count once their parent has noticed."""
    seconds = memory = 0.0
    for process in family(root):
        with suppress(psutil.NoSuchProcess):
            spent = process.cpu_times()
            memory += process.memory_full_info().pss / 1e6
            seconds += spent.user + spent.system + spent.children_user + spent.children_system
    return Cost(seconds, memory)


def family(root: psutil.Process) -> list[psutil.Process]:
    """A process and all of its children."""
    return [root, *root.children(recursive=True)]


def signal_group(process: psutil.Popen, number: signal.Signals) -> None:
    """Send a signal to a process that leads a session, and to all of its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def kill(process: psutil.Popen) -> None:
    """kill -9 to a process and to all of its children, also those that lead a group of their own, as RQ's forks do."""
    # Once it was waited for, its number may be another's.
    if process.poll() is None:
        for one in family(process):
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(look: Callable[[], T], seconds: float, pause: float = 0.02) -> T | None:
    """What `look` gives once it is true, or None after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(pause)
    return None


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
