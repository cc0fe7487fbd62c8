"""What the figures were measured on: the machine, and the releases of everything."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path

import psutil

from benchmarks.servers import ROOT, Servers
from benchmarks.system import peers_bin

_PEERS = ("rq", "celery", "procrastinate", "dramatiq", "huey", "redis", "psycopg")
_VERSIONS = (
    "import json, sys; from importlib.metadata import version; print(json.dumps({n: version(n) for n in sys.argv[1:]}))"
)


def machine(servers: Servers) -> dict[str, str]:
    """What a reader needs to know to compare."""
    busy = psutil.cpu_percent(interval=1)
    about = {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "busy before the run": f"{busy:.0f} %",
        "Python": platform.python_version(),
    }
    return about | servers.versions() | peers()


def peers() -> dict[str, str]:
    """The releases of the peers; none where their environment was not made."""
    python = peers_bin() / "python"
    if not python.exists():
        return {}
    known: dict[str, str] = json.loads(subprocess.check_output([str(python), "-c", _VERSIONS, *_PEERS], text=True))
    return known


def commit() -> str:
    """Which state of Lectern this is."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty= with changes", "--exclude=*"]
    try:
        return subprocess.check_output(git, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return "an installation without Git"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
