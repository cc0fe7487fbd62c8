"""Runs a program on a file that nobody knows: the file may make it do anything, and it can use, see and leave behind
little.

The limits are set, and kept, by `jail.py`, in a process of its own: what is done between fork and exec in a process
with threads may wait for ever.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from presentations.decks.errors import Crashed, RenderingFailed, TooLong

MOST_PROCESSES = 64
MOST_OUTPUT_MB = 64
MOST_FILE_MB = 1024
MOST_DISK_MB = 4 * 1024
_GRACE = 30.0  # for the jail itself, which ends what it runs after its seconds
_MB = 1024 * 1024
_JAIL = str(Path(__file__).with_name("jail.py"))
_PACKAGE = Path(__file__).resolve().parents[1]
# What programs need to start; not all of /etc, where passwords are kept.
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/proc", "/sys"),
    *("/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/fonts", "/etc/libreoffice", "/etc/localtime", "/etc/timezone"),
    *(
        "/etc/passwd",
        "/etc/group",
        "/etc/nsswitch.conf",
        "/etc/alternatives",
        "/etc/locale.alias",
        "/var/cache/fontconfig",
    ),
    *("/var/lib/libreoffice", "/var/spool/libreoffice"),
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """A program that ended well: what it wrote to its standard output, and the most memory (bytes) it took at once."""

    output: bytes
    peak_memory: int


def script(name: str) -> list[str]:
    """The command that runs a script of this room in the sandbox: `draw` for draw.py. It finds what is installed.

    It runs by its file, so that it starts without all that this room imports; `presentations` can be imported.
    """
    return [sys.executable, "-P", "-s", "-B", str(Path(__file__).with_name(f"{name}.py"))]


def run(
    argv: Sequence[str],
    *,
    seconds: float,
    memory_mb: int,
    folder: Path,
    reads: Iterable[Path] = (),
    sockets: Iterable[Path] = (),
) -> Done:
    """Run a program, and end everything it started.

    `argv[0]` is a whole path. It may write in `folder`, which has to be there and is also its home and its place for
    temporary files, and read there, in `reads` (files, or folders with all that is in them), and what belongs to the
    system and to Python; in `sockets` it may make Unix sockets, and remove files. `memory_mb` is for all its processes
    together. Its environment has nothing of ours.

    Raises TooLong after so many seconds; Crashed if it ends in any other way than with status 0, takes more memory or
    processes than it may, or writes more than MOST_OUTPUT_MB to its standard output, or has more than MOST_DISK_MB or
    20,000 files in its folder. A file that would become larger than MOST_FILE_MB fails to be written.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        report = _run_jail(_order(argv, seconds, memory_mb, folder, reads, sockets), output, complaints)
        end = report.get("end", "without a report")
        if end == "0" and output.seek(0, os.SEEK_END) <= MOST_OUTPUT_MB * _MB:
            output.seek(0)
            return Done(output.read(), report["peak"])
        raise _failure(argv, "output" if end == "0" else end, seconds, memory_mb, _end_of(complaints))


def is_plain(file: Path, *, most_bytes: int) -> bool:
    """Whether a program left a file there that has no more than so many bytes: no link to another, nothing else."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_size <= most_bytes


def describe() -> str:
    """For `check` and logs: from what the sandbox keeps a program on this system, besides its limits."""
    held = _held()
    missing = [words for key, words in _HOLDS.items() if key not in held]
    had = ", ".join(words for key, words in _HOLDS.items() if key in held)
    said = f"programs that read decks are kept from {had}" if had else "programs that read decks have limits only"
    return f"{said}; this system does not let them be kept from {', '.join(missing)}" if missing else said


_HOLDS = {"network": "the network", "processes": "other processes", "files": "files of others"}


@cache
def _held() -> frozenset[str]:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as nothing:
        order = _order([sys.executable, "-I", "-S", "-c", ""], 30, 512, Path(folder), (), ())
        report = _run_jail(order, nothing, nothing)
        if report.get("end") != "0":
            raise Crashed(f"the sandbox does not work here: {report.get('end', 'no report')}: {_end_of(nothing)}")
    return frozenset(report["held"])


def _order(
    argv: Sequence[str],
    seconds: float,
    memory_mb: int,
    folder: Path,
    reads: Iterable[Path],
    sockets: Iterable[Path],
) -> dict[str, Any]:
    home = str(folder.resolve())
    python = [sys.prefix, sys.base_prefix, *(path for path in sys.path if path.endswith("-packages"))]
    env = {
        "HOME": home,
        "TMPDIR": home,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",  # each arena sets 64 MB of address space aside
        "PYTHONPATH": str(_PACKAGE.parent),
    }
    return {
        "argv": list(argv),
        "env": env,
        "folder": home,
        "reads": [*_SYSTEM, *python, str(_PACKAGE), *map(os.path.realpath, reads)],
        "lists": [str(_PACKAGE.parent)],
        "sockets": list(map(str, sockets)),
        "seconds": seconds,
        "memory": memory_mb * _MB,
        "processes": MOST_PROCESSES,
        "file_size": MOST_FILE_MB * _MB,
        "disk": MOST_DISK_MB * _MB,
    }


def _run_jail(order: dict[str, Any], output: IO[bytes], complaints: IO[bytes]) -> dict[str, Any]:
    """What the jail reports; nothing where it did not come to that."""
    reading, writing = os.pipe()
    with open(reading, "rb") as report:
        with open(writing, "wb"):
            jail = subprocess.Popen(  # noqa: S603  (what is run is ours to say; nothing goes through a shell)
                [sys.executable, "-I", "-S", "-B", _JAIL, json.dumps({**order, "report": writing})],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=complaints,
                env={},
                pass_fds=[writing],
                start_new_session=True,
            )
        with jail:  # leaving this closes its standard input, at which it ends, and waits for that
            try:
                jail.wait(order["seconds"] + _GRACE)
            except subprocess.TimeoutExpired:
                log.error("the jail of %s did not end by itself", order["argv"][0])
                os.killpg(jail.pid, signal.SIGKILL)
        said = report.read()
    return json.loads(said) if said else {}


def _failure(argv: Sequence[str], end: str, seconds: float, memory_mb: int, complaints: str) -> RenderingFailed:
    program = Path(next((part for part in argv if part.endswith(".py")), argv[0])).name
    if end == "time":
        return TooLong(f"{program} was not done after {seconds:g} seconds, and was ended")
    ends = {
        "memory": f"took more than {memory_mb} MB of memory, and was ended",
        "processes": f"started more than {MOST_PROCESSES} processes, and was ended",
        "disk": f"had more than {MOST_DISK_MB} MB or too many files in its folder, and was ended",
        "output": f"wrote more than {MOST_OUTPUT_MB} MB to its standard output",
        "without a report": "took its jail along",
    }
    how = ends.get(
        end, f"was ended by a signal: {signal.strsignal(-int(end))}" if end.startswith("-") else f"ended with {end}"
    )
    return Crashed(f"{program} {how}{': ' if complaints else ''}{complaints}")


def _end_of(complaints: IO[bytes]) -> str:
    """The last words that a program wrote to its standard error."""
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 1000))
    return complaints.read().decode(errors="replace").strip()
