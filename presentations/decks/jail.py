"""Runs one program with what it may use limited, and ends all that it started. A script of its own: it imports nothing
of Lectern, and runs in a process that has one thread, where it is safe to fork.

    python -I -S jail.py '{"argv": [...], ...}'    (the fields of `Order`)

What holds everywhere: limits of each process, and a watch over all of them together. What the system may refuse, and is
then done without: namespaces of its own (no network, no sight of other processes; containers mostly refuse them) and
Landlock (files, TCP, signals; Linux from 5.13 on). What was had stands in the report.

Its standard input is a lifeline: when it ends, so does everything here. The report is JSON, on the descriptor that the
order names.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

# From the headers of Linux; the numbers of Landlock's calls are the same on all processors.
_NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
_PDEATHSIG, _SUBREAPER, _NO_NEW_PRIVS = 1, 36, 38
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_FILE, _MAKE_SOCKET = (1 << bit for bit in (0, 1, 2, 3, 5, 9))
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14  # the last: truncate
_READING = _EXECUTE | _READ_FILE | _READ_DIR

_NOBODY = 65534
_LOOK_EVERY = 0.2
_TO_END_ALL = 5.0
_MOST_FILES = 20_000
_LONGEST_PATH = 2_000  # the system opens none of more than 4,095 characters
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Order:
    """What is to be run, and what it may."""

    argv: list[str]
    env: dict[str, str]
    folder: str  # where it may write
    reads: list[str]
    lists: list[str]  # folders of which it may know what is in them
    sockets: list[str]  # folders in which it may make sockets, and remove files
    seconds: float
    memory: int  # bytes, of all its processes together
    processes: int
    file_size: int  # bytes, of each file
    disk: int  # bytes, of all that is in the folder
    report: int


def main() -> None:
    """Run the order. Whoever ends this process ends the one that watches, and so all others."""
    order = Order(**json.loads(sys.argv[1]))
    held = _leave_namespaces()
    watcher = os.fork()
    if watcher == 0:
        _prctl(_PDEATHSIG, signal.SIGKILL)
        _prctl(_SUBREAPER, 1)
        _watch(order, held)
        os._exit(0)  # where it is the first of its namespace, the system ends all others
    os.waitpid(watcher, 0)


def _watch(order: Order, held: list[str]) -> None:
    program = os.fork()
    if program == 0:
        try:
            _become(order)
        except BaseException as error:
            os.write(2, f"could not start {order.argv[0]}: {error}".encode())
        os._exit(127)
    end = _ended(program, order)
    _end_all(program)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if _landlock_version():
        held = [*held, "files"]
    os.write(order.report, json.dumps({"end": end, "peak": peak, "held": held}).encode())


def _ended(program: int, order: Order) -> str:
    """How the program ended: "0" and other statuses, "-9" and other signals, or which limit it reached."""
    deadline = time.monotonic() + order.seconds
    pause = _LOOK_EVERY / 20
    while True:
        with suppress(ChildProcessError):
            while (one := os.waitpid(-1, os.WNOHANG))[0]:
                if one[0] == program:
                    return str(os.waitstatus_to_exitcode(one[1]))
        if time.monotonic() > deadline:
            return "time"
        if select.select([0], [], [], pause)[0]:
            return "given up"
        pause = min(1.5 * pause, _LOOK_EVERY)
        family = _family()
        if len(family) > order.processes:
            return "processes"
        if sum(family.values()) > order.memory:
            return "memory"
        if _is_fuller(order.folder, order.disk):
            return "disk"


def _family() -> dict[int, int]:
    """All that descend from this process, however they broke away, with the memory of each in bytes."""
    try:
        me = int(os.readlink("/proc/self"))  # the number that /proc has for it, in whichever namespace
    except OSError:
        return {}
    children: dict[int, list[tuple[int, int]]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
            children.setdefault(int(fields[1]), []).append((int(name), int(fields[21])))
    family: dict[int, int] = {}
    parents = [me]
    while parents:
        for number, pages in children.get(parents.pop(), ()):
            family[number] = pages * resource.getpagesize()
            parents.append(number)
    return family


def _is_fuller(folder: str, most: int) -> bool:
    """Whether it holds more than so many bytes, than _MOST_FILES files, or hides some deep below."""
    folders, files, size = [folder], 0, 0
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                files += 1
                with suppress(OSError):  # it went away meanwhile
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                if size > most or files > _MOST_FILES or len(entry.path) > _LONGEST_PATH:
                    return True
    return False


def _end_all(program: int) -> None:
    """End what is left. In a namespace of its own it ends with the watcher, however fast it forks."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of zombies
        os.killpg(program, signal.SIGKILL)
    deadline = time.monotonic() + _TO_END_ALL
    while (os.getpid() != 1) and (family := _family()) and time.monotonic() < deadline:
        for number in family:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


# The program


def _become(order: Order) -> None:
    os.setsid()
    _prctl(_PDEATHSIG, signal.SIGKILL)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where memory ends all the same, this goes first
    os.nice(10)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.closerange(3, max(4096, order.report + 1))
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _limit(order)
    _prctl(_NO_NEW_PRIVS, 1)
    _allow_files(order)
    os.chdir(order.folder)
    os.execve(order.argv[0], order.argv, order.env)  # noqa: S606  (a shell is what it does without)


def _limit(order: Order) -> None:
    limits = {
        # Twice: much is only set aside. What is really used is watched, of all processes together.
        resource.RLIMIT_AS: 2 * order.memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: math.ceil(2 * order.seconds) + 1,
        resource.RLIMIT_FSIZE: order.file_size,
        resource.RLIMIT_NOFILE: 1024,
    }
    if threads := _threads_of_user():
        # The system counts all threads of a user, and lets root have any number.
        limits[resource.RLIMIT_NPROC] = threads + 2 * order.processes
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(what, (most, most))


def _threads_of_user() -> int:
    me, threads = os.getuid(), 0
    with suppress(OSError):
        for name in filter(str.isdigit, os.listdir("/proc")):
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                if os.fstat(file.fileno()).st_uid == me:
                    threads += int(file.read().rpartition(b")")[2].split()[17])
    return threads


# What Linux can do besides


def _prctl(what: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(what, value, 0, 0, 0)


def _leave_namespaces() -> list[str]:
    """Leave the network and the other processes behind, from the next fork on; what was had of that."""
    if sys.platform != "linux":
        return []
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NET | _NEW_PID | _NEW_IPC):
        return []
    # Not root, not even there: a program that starts as root would get back what root may do in the namespace.
    # Ubuntu's AppArmor gives the namespaces and refuses this (from 23.10 on), which leaves nobody at all there.
    for file, text in (("setgroups", "deny"), ("uid_map", f"{_NOBODY} {user} 1"), ("gid_map", f"{_NOBODY} {group} 1")):
        with suppress(OSError), open(f"/proc/self/{file}", "w") as opened:
            opened.write(text)
    return ["network", "processes"]


def _landlock_version() -> int:
    if sys.platform != "linux":
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_LANDLOCK_CREATE, None, 0, 1)))


def _allow_files(order: Order) -> None:
    """From now on write in the folder only, and read only what was named; no TCP, no signals to others."""
    version = _landlock_version()
    if not version:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    every = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    # Three numbers: rights of files, TCP (bind and connect; version 4), abstract sockets and signals (version 6).
    handled = (ctypes.c_uint64 * 3)(every, 3, 3)
    rules = int(libc.syscall(_LANDLOCK_CREATE, handled, 8 if version < 4 else 16 if version < 6 else 24, 0))
    reading = [(path, _READING) for path in [*order.reads, *order.argv[:1]]]
    listing = [(path, _READ_DIR) for path in order.lists]
    sockets = [(path, _MAKE_SOCKET | _REMOVE_FILE) for path in order.sockets]
    devices = [(path, _READ_FILE | _WRITE_FILE) for path in _DEVICES]
    for path, rights in [(order.folder, every), *reading, *listing, *sockets, *devices]:
        _allow(libc, rules, path, rights & every)
    if rules < 0 or libc.syscall(_LANDLOCK_RESTRICT, rules, 0):
        raise OSError(ctypes.get_errno(), "Landlock")
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, getattr(os, "O_PATH", 0))
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        rights &= _OF_FILES
    rule = rights.to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder)  # packed: no room between them
    if libc.syscall(_LANDLOCK_ADD, rules, 1, rule, 0):
        raise OSError(ctypes.get_errno(), f"Landlock: {path}")
    os.close(opened)


if __name__ == "__main__":
    main()
