"""How soon `lectern run` says where it is, once its data are there: python -m benchmarks.starting [TIMES].

Prints the milliseconds of each start; the first, which makes the data, does not count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from benchmarks.processes import ended, free_port
from benchmarks.servers import ROOT


def start(var_dir: str) -> float:
    """Milliseconds until it has said so; then it is stopped."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": var_dir, "PORT": str(free_port()), "LOG_LEVEL": "warning"}
    begun = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-m", "presentations", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    with ended(run):
        assert run.stdout
        for line in run.stdout:
            if line.startswith(b"Lectern is at"):
                return 1000 * (time.perf_counter() - begun)
    raise SystemExit("Lectern did not start.")


def main(times: int) -> None:
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        start(folder)
        for _ in range(times):
            print(round(start(folder)), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
