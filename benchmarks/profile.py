"""Where the time of a process goes: samples of its threads, taken by py-spy from outside, each put down to a library.

python -m benchmarks.profile PID [SECONDS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.servers import ROOT
from benchmarks.system import peers_bin

# Whose a frame is, by a part of its file's path; the innermost frame that is anybody's counts.
_OWNERS = {
    "SQLAlchemy and psycopg2": ("/sqlalchemy/", "/psycopg2/", "/flask_sqlalchemy/"),
    "templates": ("/jinja2/", "/markupsafe/", "/templates/", ".html"),
    "Redis and RQ": ("/redis/", "/rq/"),
    "Flask and gunicorn": (
        "/flask/", "/werkzeug/", "/gunicorn/", "/itsdangerous/", "/apiflask/", "/marshmallow/", "/flask_"
    ),
    "Lectern": (f"{ROOT}/presentations/",),
}  # fmt: skip


class Unseen(Exception):
    """py-spy may not look at the process, or is not there; the message says why."""


def shares(pid: int, seconds: int, folder: Path) -> dict[str, float]:
    """The part of each library in the time that a process and its children compute, in %; raises Unseen."""
    stacks = folder / "stacks.txt"
    command = [str(peers_bin() / "py-spy"), "record", "--pid", str(pid), "--subprocesses", "--full-filenames"]
    command += [
        "--format",
        "raw",
        "--rate",
        "200",
        "--nonblocking",
        "--duration",
        str(seconds),
        "--output",
        str(stacks),
    ]
    try:
        run = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise Unseen("py-spy is not installed: make bench installs it") from None
    if run.returncode or not stacks.exists():
        raise Unseen(f"py-spy saw nothing: {run.stderr.strip()[-200:]}")
    return owned(stacks.read_text(encoding="utf-8"))


def owned(stacks: str) -> dict[str, float]:
    """The same from lines of py-spy's own: frames with ; between, the innermost last, and how often they were seen."""
    seen: Counter[str] = Counter()
    for line in stacks.splitlines():
        frames, _, times = line.rpartition(" ")
        seen[_owner(frames.split(";"))] += int(times)
    whole = seen.total() or 1
    return {name: 100 * times / whole for name, times in seen.most_common()}


def _owner(frames: list[str]) -> str:
    for frame in reversed(frames):
        for name, parts in _OWNERS.items():
            if any(part in frame for part in parts):
                return name
    return "others"


def main() -> None:
    pid, seconds = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = shares(pid, seconds, Path(folder))
        except Unseen as problem:
            sys.exit(str(problem))
    for name, share in found.items():
        print(f"{share:5.1f} % {name}")


if __name__ == "__main__":
    main()
